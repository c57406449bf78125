package io.tankws.core.flow;

import io.tankws.spi.support.RunningTime;

/** A client's way of sending to other clients, which {@link FlowControl} stops where it fills their outboxes. */
public abstract class PacedSender {
    /** The {@link FlowControl}'s lock guards these four. */
    boolean waits;

    boolean departed;
    boolean unpaced;
    /** When what it has taken of the free rate is free again. */
    private long spentUntil = RunningTime.nanoTime();

    /** Takes from what is free, and returns whether that was possible. */
    final boolean spend(long nanos, long maxNanos) {
        long now = RunningTime.nanoTime();
        long begin = spentUntil - now > 0 ? spentUntil : now;
        if (begin + nanos - now > maxNanos) {
            return false;
        }
        spentUntil = begin + nanos;
        return true;
    }

    /** Returns whether it waits while other senders do, so that each gets its turn. Else only filled outboxes hold it. */
    public abstract boolean takesTurns();

    /** Returns whether a filled outbox is one that it sends to. Called under the flow control's lock. */
    public abstract boolean isHeldBy(FlowControl flow);

    /** Sends the next of what waits; called once after each {@link FlowControl#await}, outside of locks. */
    public abstract void proceed();
}
