package io.tankws.core.outbox;

import io.tankws.ClientLimits;

/**
 * The progress of the writes of one connection that its socket does not take at once. Guarded by the lock of the {@link
 * Outbox}.
 */
final class BlockedWrite {
    /** Part of the write timeout for which a write may stall before it holds no sender any more. */
    private static final int STALLS = 10;

    private final long timeout;
    /** Running time of the start of the write, or of its last progress by an efficient write. */
    private long since;
    /** Bytes that had left at that time. Nothing has left before the first blocked write. */
    private long drainedBefore;

    BlockedWrite(ClientLimits limits) {
        timeout = limits.writeTimeout().toNanos();
    }

    void begin(long now) {
        since = now;
    }

    /** Records the bytes that have left while no write is blocked. */
    void unblocked(long drained) {
        drainedBefore = drained;
    }

    /** Starts the time of the write again after the bytes of an efficient write. Returns whether it did. */
    boolean progressed(long now, long drained) {
        boolean efficient = drained - drainedBefore >= OutboxQueue.MAX_WRITE_BYTES;
        if (efficient) {
            drainedBefore = drained;
            since = now;
        }
        return efficient;
    }

    boolean isOverdue(long now) {
        return now - since > timeout;
    }

    boolean isStalled(long now) {
        return now - since > timeout / STALLS;
    }
}
