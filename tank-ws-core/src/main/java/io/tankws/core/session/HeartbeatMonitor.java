package io.tankws.core.session;

import io.tankws.core.config.HeartbeatConfig;
import io.tankws.spi.support.WriteBufferPool;

/**
 * The heartbeat of one client. Silence is measured from the first ping that nothing has come after, so a timeout
 * shorter than the interval works as well as a longer one. A write that the socket has not taken asks as much of the
 * peer as a ping, which could not leave; each byte that it takes of it is a sign of life. Used by the housekeeper's
 * thread alone.
 */
final class HeartbeatMonitor {
    enum Finding {
        FINE,
        PING,
        DEAD
    }

    /** How fast a peer reads at least, in bytes a second: no ping can be put inside a large message. */
    static final int MIN_BYTES_PER_SECOND = 64 * 1024;

    /**
     * How much the systems between take of what the peer has not read, at most. The rest shows as progress of a
     * write.
     */
    static final int MAX_HELD_BYTES = 8 * 1024 * 1024;

    /**
     * How long a write may stand still: this system asks for more only when the peer has read as much as it holds
     * here.
     */
    private static final long STEP = nanosToRead(WriteBufferPool.SEND_BUFFER_BYTES);

    private long lastPing;
    private long waitingSince;
    private boolean waiting;
    /** Whether a ping has left since the last sign of life. */
    private boolean pinged;

    private long drained;
    private long largeBytes;
    /** When the peer has read all large messages at the latest. */
    private long readAt;

    HeartbeatMonitor(long now) {
        lastPing = now;
        readAt = now;
    }

    /**
     * Notes what the peer has to read before it can answer a ping.
     *
     * @param total the sum of all large messages that have left for it
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
     * Judges one client.
     *
     * @param drained how much has left of writes that the socket did not take at once
     * @param isBlocked whether the socket has not taken all of a write
     * @param heldBack whether we do not read from it, so that it cannot be heard
     */
    Finding check(
            long now, long lastRead, long drained, boolean isBlocked, HeartbeatConfig heartbeat, boolean heldBack) {
        if (heldBack || waiting && lastRead - waitingSince >= 0) {
            heard();
        }
        if (drained != this.drained) {
            this.drained = drained;
            waitingSince = now;
        }
        if (waiting && now - answerableAt(isBlocked) > heartbeat.timeout()) {
            return Finding.DEAD;
        }
        return !heldBack && now - lastPing >= heartbeat.interval() ? Finding.PING : Finding.FINE;
    }

    /** Returns from when on silence counts. */
    private long answerableAt(boolean isBlocked) {
        return isBlocked ? waitingSince + STEP : Math.max(waitingSince, readAt);
    }

    /** A sign of life, perhaps one that has yet to be read. */
    void heard() {
        waiting = false;
        pinged = false;
    }

    /** A ping leaves. */
    void pinged(long now) {
        lastPing = now;
        if (!pinged) {
            pinged = true;
            waiting = true;
            waitingSince = now;
        }
    }

    /** A ping is due, and a write that the socket has not taken stands before it. */
    void blocked(long now) {
        if (!waiting) {
            waiting = true;
            waitingSince = now;
        }
    }
}
