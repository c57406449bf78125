package io.tankws.core.flow;

import io.tankws.spi.support.RunningTime;

/** A sender whose messages {@link FlowControl} stops while they fill outboxes of other clients. */
public abstract class PacedSender {
    /** The lock of the {@link FlowControl} guards these four fields. */
    boolean waits;

    boolean departed;
    boolean unpaced;
    /** Time at which the part of the free rate that this sender has taken is free again. */
    private long spentUntil = RunningTime.nanoTime();

    /** Takes a part of the free rate. Returns {@code false} if it is not free. */
    final boolean spend(long nanos, long maxNanos) {
        long now = RunningTime.nanoTime();
        long begin = spentUntil - now > 0 ? spentUntil : now;
        if (begin + nanos - now > maxNanos) {
            return false;
        }
        spentUntil = begin + nanos;
        return true;
    }

    /**
     * Returns whether this sender waits while other senders do, so that each gets its turn. If not, only filled
     * outboxes hold it.
     */
    public abstract boolean takesTurns();

    /** Returns whether this sender sends to a filled outbox. Called under the lock of the flow control. */
    public abstract boolean isHeldBy(FlowControl flow);

    /** Sends the next waiting messages. Called once after each {@link FlowControl#await}, without locks. */
    public abstract void proceed();
}
