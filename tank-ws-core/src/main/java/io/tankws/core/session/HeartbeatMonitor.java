package io.tankws.core.session;

import io.tankws.core.config.HeartbeatConfig;
import io.tankws.spi.support.WriteBufferPool;

/**
 * The heartbeat of one client. Silence is measured from the first ping without a later sign of life, so a timeout may
 * be shorter than the interval. A write that the socket has not taken counts like a ping that cannot leave, and each
 * byte that it takes is a sign of life. Used by the thread of the housekeeper only.
 */
final class HeartbeatMonitor {
    enum Finding {
        NONE,
        PING,
        TIMEOUT
    }

    /** Minimum rate at which a peer reads, in bytes per second. No ping can be put into a large message. */
    static final int MIN_BYTES_PER_SECOND = 64 * 1024;

    /** Maximum number of bytes that the systems in between buffer. The rest shows as progress of a write. */
    static final int MAX_HELD_BYTES = 8 * 1024 * 1024;

    /**
     * Maximum time for which a write may stall. This system takes more bytes only after the peer has read as much as
     * it buffers.
     */
    private static final long STEP = nanosToRead(WriteBufferPool.SEND_BUFFER_BYTES);

    private long lastPing;
    private long waitingSince;
    private boolean waiting;
    /** True if a ping has left since the last sign of life. */
    private boolean pinged;

    private long drained;
    private long largeBytes;
    /** Latest time at which the peer has read all large messages. */
    private long readAt;

    HeartbeatMonitor(long now) {
        lastPing = now;
        readAt = now;
    }

    /**
     * Records the bytes that the peer must read before it can answer a ping.
     *
     * @param total total bytes of large messages that have left for it
     */
    void sentLarge(long now, long total) {
        if (total != largeBytes) {
            long later = Math.max(now, readAt) + nanosToRead(total - largeBytes);
            readAt = Math.min(later, now + nanosToRead(MAX_HELD_BYTES));
            largeBytes = total;
        }
    }

    private static long nanosToRead(long bytes) {
        return bytes * 1_000_000_000 / MIN_BYTES_PER_SECOND;
    }

    /**
     * Checks one client.
     *
     * @param drained bytes that have left of writes that the socket did not take at once
     * @param isBlocked true if the socket has not taken all of a write
     * @param heldBack true if reading from the client is paused, so that its input cannot arrive
     */
    Finding check(
            long now, long lastRead, long drained, boolean isBlocked, HeartbeatConfig heartbeat, boolean heldBack) {
        if (heldBack || waiting && lastRead - waitingSince >= 0) {
            onInput();
        }
        if (drained != this.drained) {
            this.drained = drained;
            waitingSince = now;
        }
        if (waiting && now - answerableAt(isBlocked) > heartbeat.timeout()) {
            return Finding.TIMEOUT;
        }
        return !heldBack && now - lastPing >= heartbeat.interval() ? Finding.PING : Finding.NONE;
    }

    /** Returns the time from which on silence counts. */
    private long answerableAt(boolean isBlocked) {
        return isBlocked ? waitingSince + STEP : Math.max(waitingSince, readAt);
    }

    /** Records a sign of life, which may not have been read yet. */
    void onInput() {
        waiting = false;
        pinged = false;
    }

    /** Records that a ping leaves. */
    void pinged(long now) {
        lastPing = now;
        if (!pinged) {
            pinged = true;
            waiting = true;
            waitingSince = now;
        }
    }

    /** Records that a ping is due while a write waits for the socket. */
    void blocked(long now) {
        if (!waiting) {
            waiting = true;
            waitingSince = now;
        }
    }
}
