package io.tankws.core.routing;

import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.spi.support.RunningTime;

/** The delivery of messages to the subscribers of a topic. Guarded by the lock of the topic. */
final class TopicDelivery {
    private final MessageBatch burst;
    private final Outbox[] all;
    private final long now = RunningTime.nanoTime();
    private int next;
    /** True if the last outbox writes the shared batch. */
    boolean alone;

    TopicDelivery(MessageBatch burst, Outbox[] all) {
        this.burst = burst;
        this.all = all;
    }

    /** Prepares the next write and returns its outbox, or {@code null} after the last one. */
    Outbox step() {
        if (next == all.length) {
            return null;
        }
        Outbox outbox = all[next++];
        alone = outbox.tryStartWrite(burst, now);
        return outbox;
    }

    /**
     * Queues the messages for all remaining subscribers.
     *
     * @return whether the queue of one of them needs a flush
     */
    boolean finish() {
        boolean urgent = false;
        while (next < all.length) {
            urgent |= all[next++].enqueue(burst, now);
        }
        return urgent;
    }
}
