package io.tankws.core.routing;

import io.tankws.core.history.MemoryHistory;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The check of topics whose histories are in memory. When a history was evicted or has ended, its topic has a new
 * epoch, and the positions of its subscribers have no meaning any more. The next publication reveals it, or this check,
 * or a new subscription.
 *
 * <p>A check counts as a use of the history. So a history with subscribers is evicted after those without.
 */
public final class PositionCheck {
    private final TopicIndex topics;
    private final MemoryHistory history;
    private final boolean isNeeded;
    private final long interval;
    private final Consumer<String> newEpochs;

    // The fields of the current pass over all topics belong to the thread that checks.

    private Iterator<Topic> pass = Collections.emptyIterator();
    /** Running time at the begin of the pass in nanoseconds. */
    private long begin;
    /** Number of topics that the pass has checked. */
    private long checked;

    /**
     * Creates a check.
     *
     * @param isNeeded whether topics can have histories
     * @param interval time of one pass over all topics
     * @param newEpochs receiver of the name of each topic with subscribers that has a new epoch, called without locks
     */
    public PositionCheck(
            TopicIndex topics, MemoryHistory history, boolean isNeeded, Duration interval, Consumer<String> newEpochs) {
        this.topics = topics;
        this.history = history;
        this.isNeeded = isNeeded;
        this.interval = interval.toNanos();
        this.newEpochs = newEpochs;
    }

    /**
     * Checks the topics whose turn it is. The topics of a pass are spread over the interval. Called periodically by one
     * thread without locks.
     *
     * @param now running time in nanoseconds
     */
    public void check(long now) {
        if (!isNeeded) {
            return;
        }
        if (!pass.hasNext()) {
            if (checked > 0 && now - begin < interval) {
                return;
            }
            pass = topics.iterator();
            begin = now;
            checked = 0;
        }
        double due = Math.ceil((double) topics.size() * (now - begin) / interval);
        while (checked < due && pass.hasNext()) {
            Topic topic = pass.next();
            checked++;
            topic.checkEpoch(history);
            endInterrupted(topic);
        }
    }

    /** Ends the subscriptions that a new epoch has interrupted, and reports the epoch. The caller holds no lock. */
    void endInterrupted(Topic topic) {
        List<TopicSubscription> taken = topic.takeInterrupted();
        if (taken != null) {
            end(taken);
            newEpochs.accept(topic.name);
        }
    }

    /**
     * Ends interrupted subscriptions. The caller holds no lock.
     *
     * @param interrupted subscriptions, or {@code null} if there are none
     */
    static void end(@Nullable List<TopicSubscription> interrupted) {
        if (interrupted != null) {
            interrupted.forEach(subscription -> subscription.subscriber.endIncomplete(subscription));
        }
    }
}
