package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.flow.FlowControl;

/**
 * The hold of one outbox on its senders, from its filling until it has drained. Created when the outbox is first
 * filled. Guarded by the lock of the {@link Outbox}.
 */
final class SenderHold {
    /** Level of an outbox that holds no sender until it has drained, because senders have waited long enough. */
    private static final int EXEMPT = 3;

    private final long number;
    private final OutboxQueue queue;
    private final ClientLimits limits;
    private final FlowControl flow;

    /** Fill level that the {@link FlowControl} knows, or {@link #EXEMPT}. */
    private int level;
    /** Running time since which the outbox has been filled. */
    private long since;

    /**
     * Creates the hold of one outbox.
     *
     * @param number number of the session
     */
    SenderHold(long number, OutboxQueue queue, ClientLimits limits, FlowControl flow) {
        this.number = number;
        this.queue = queue;
        this.limits = limits;
        this.flow = flow;
    }

    /** Slows down senders if the outbox has filled up further. */
    void messageAdded(long now, boolean open) {
        int current = queue.level();
        if (current > level && open) {
            since = level == OutboxBounds.DRAINED ? now : since;
            level = current;
            flow.filled(number, current == OutboxBounds.CRITICAL);
        }
        if (isHolding()) {
            FilledOutboxes.reached(number);
        }
    }

    private boolean isHolding() {
        return level == OutboxBounds.FILLED || level == OutboxBounds.CRITICAL;
    }

    /**
     * Ends the exemption if a write has drained the outbox. Dropped messages do not show that the client reads again.
     */
    void written() {
        if (level == EXEMPT && queue.isDrained()) {
            level = OutboxBounds.DRAINED;
        }
    }

    /** Releases senders if the outbox has drained. Returns whether the flow control must be woken. */
    boolean releaseIfDrained(boolean open) {
        return isHolding() && (!open || queue.isDrained()) && release(OutboxBounds.DRAINED);
    }

    /**
     * Releases senders that have waited long enough, or whose reader may be disconnected. Returns whether the flow
     * control must be woken.
     */
    boolean releaseIfLong(long now, boolean stalled) {
        boolean isLong = stalled || now - since > limits.outboxAge().toNanos();
        return isHolding() && isLong && release(EXEMPT);
    }

    private boolean release(int next) {
        level = next;
        return flow.drained(number);
    }
}
