package io.tankws.core.routing;

import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.spi.support.RunningTime;

/** The way of messages through the subscribers of a topic, whose lock guards it. */
final class TopicDelivery {
    private final MessageBatch burst;
    private final Outbox[] all;
    private final long now = RunningTime.nanoTime();
    private int next;
    /** Whether the last outbox writes the messages alone. */
    boolean alone;

    TopicDelivery(MessageBatch burst, Outbox[] all) {
        this.burst = burst;
        this.all = all;
    }

    /** Prepares one more write, and returns whose; {@code null} behind the last. */
    Outbox step() {
        if (next == all.length) {
            return null;
        }
        Outbox outbox = all[next++];
        alone = outbox.prepare(burst, now);
        return outbox;
    }

    /**
     * Queues the messages for all that are left.
     *
     * @return whether so much waits for one of them that the flush cannot
     */
    boolean finish() {
        boolean urgent = false;
        while (next < all.length) {
            urgent |= all[next++].enqueue(burst, now);
        }
        return urgent;
    }
}
