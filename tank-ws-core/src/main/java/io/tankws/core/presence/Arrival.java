package io.tankws.core.presence;

import io.tankws.PresenceMember;
import io.tankws.TopicOptions;
import org.jspecify.annotations.Nullable;

/**
 * A client that is about to become a member of a topic with its subscription. Afterwards {@link #run} reports the
 * join.
 */
public final class Arrival implements Runnable {
    final PresenceContext context;
    /** Number of the client. */
    final long number;

    final PresenceMember member;
    final TopicOptions options;
    /** Receiver of the events of the topic, or {@code null} if the client receives none. */
    final @Nullable PresenceObserver observer;

    /** Members that this one belongs to, or {@code null} before the join. */
    @Nullable
    TopicMembers joined;

    /**
     * Creates an arrival.
     *
     * @param observer receiver of the events of the topic, or {@code null} if the client receives none
     */
    public Arrival(
            PresenceContext context,
            long number,
            PresenceMember member,
            TopicOptions options,
            @Nullable PresenceObserver observer) {
        this.context = context;
        this.number = number;
        this.member = member;
        this.options = options;
        this.observer = observer;
    }

    /** Reports the join. Called without a lock. */
    @Override
    public void run() {
        TopicMembers members = joined;
        if (members != null) {
            members.report();
        }
    }
}
