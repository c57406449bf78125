package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of an outbox that follow from the limits of its client. All counts of messages and bytes include the
 * write in flight, unless stated otherwise.
 */
final class OutboxBounds {
    static final int DRAINED = 0;
    static final int FILLED = 1;
    static final int CRITICAL = 2;

    /** Number of queued messages that make an efficient write. */
    private static final int FLUSHED_MESSAGES = 128;

    private OutboxBounds() {}

    /**
     * Returns the bound that a further message would exceed, or {@code null} if it fits. An empty outbox takes one
     * message of any size, because its receiver is not slow.
     */
    static @Nullable DropReason excess(ClientLimits limits, int messages, long bytes, int added) {
        if (messages == 0) {
            return null;
        }
        if (messages >= limits.outboxMessages()) {
            return DropReason.OUTBOX_MESSAGES;
        }
        return added > limits.outboxBytes() - bytes ? DropReason.OUTBOX_BYTES : null;
    }

    /** Returns whether the soft bound is exceeded. */
    static boolean isSoft(ClientLimits limits, long bytes) {
        return bytes > limits.outboxSoftBytes();
    }

    /** Returns whether a quarter of a bound, or enough for an efficient write, waits for a write. */
    static boolean shouldFlush(ClientLimits limits, int waiting, int waitingBytes) {
        return waitingBytes >= Math.min(OutboxQueue.MAX_WRITE_BYTES, limits.outboxBytes() / 4)
                || waiting >= Math.min(FLUSHED_MESSAGES, limits.outboxMessages() / 4);
    }

    /**
     * Returns the fill level: {@link #FILLED} from a quarter of a bound on, {@link #CRITICAL} from half of it on, else
     * {@link #DRAINED}.
     */
    static int level(ClientLimits limits, int messages, long bytes) {
        if (messages == 0) {
            return DRAINED;
        }
        long paced = pacedBytes(limits);
        if (bytes >= paced / 2 || messages >= Math.max(2, limits.outboxMessages() / 2)) {
            return CRITICAL;
        }
        return bytes >= paced / 4 || messages >= Math.max(1, limits.outboxMessages() / 4) ? FILLED : DRAINED;
    }

    /** Returns whether at most an eighth of a bound is used. */
    static boolean isDrained(ClientLimits limits, int messages, long bytes) {
        return messages == 0 || bytes <= pacedBytes(limits) / 8 && messages <= limits.outboxMessages() / 8;
    }

    /** Flow control also keeps receivers below the soft bound. */
    private static long pacedBytes(ClientLimits limits) {
        return Math.min(limits.outboxBytes(), 2L * limits.outboxSoftBytes());
    }
}
