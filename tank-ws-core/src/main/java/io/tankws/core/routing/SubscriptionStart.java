package io.tankws.core.routing;

import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The start of a subscription, with the messages that the client gets before the first live one. They come from the
 * history of the topic.
 *
 * <p>If the history is in memory, the start ends under the lock under which it begins. Otherwise the topic passes its
 * messages to {@link #hold} until the history has been read.
 */
public abstract class SubscriptionStart {
    final FirstMessages first;

    SubscriptionStart(FirstMessages first) {
        this.first = first;
    }

    /** Returns the first messages. */
    public final FirstMessages first() {
        return first;
    }

    /** Returns whether the start has ended without a subscription. Called under the lock of the topic. */
    final boolean isRefused() {
        return first.isQueued() && !first.isStarted();
    }

    /** Returns whether the topic has a history that a node follows. */
    abstract boolean isFollowing();

    /**
     * Returns the position of the topic in a history in memory, or {@code null} if there is none. Called after {@link
     * #begin}.
     */
    @Nullable
    StreamPosition positionInMemory() {
        return null;
    }

    /**
     * Begins under the lock of the topic, so that nothing is missed or sent twice between these messages and the first
     * live one.
     *
     * @return whether the start has ended, so that the subscription is live if it has started
     */
    abstract boolean begin();

    /**
     * Holds live messages until the start ends. Called under the lock of the topic, after the entry of the batch.
     *
     * @param excluded outbox that does not receive the messages, or {@code null} if all do
     * @return {@code false} if the start has ended with these messages, because there is no room for more
     */
    abstract boolean hold(MessageBatch batch, @Nullable Outbox excluded);

    /**
     * Continues after the subscription was added, and flushes the outbox when messages are queued. The caller holds no
     * lock.
     *
     * @return a stage with the outcome
     */
    public abstract CompletionStage<Recovery> proceed(TopicSubscription subscription);
}
