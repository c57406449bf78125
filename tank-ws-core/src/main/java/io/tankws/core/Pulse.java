package io.tankws.core;

/**
 * The heartbeat of one client. Silence is measured from the first ping that nothing has come after, so a timeout
 * shorter than the interval works as well as a longer one. A write that the socket has not taken asks as much of the peer as a
 * ping, which could not leave; each byte that it takes of it is a sign of life. Used by the housekeeper's thread alone.
 */
final class Pulse {
    enum Finding {
        FINE,
        PING,
        DEAD
    }

    private long lastPing;
    private long waitingSince;
    private boolean waiting;
    /** Whether a ping has left since the last sign of life. */
    private boolean pinged;

    private long drained;

    Pulse(long now) {
        lastPing = now;
    }

    /**
     * Judges one client.
     *
     * @param drained how much has left of writes that the socket did not take at once
     * @param heldBack whether we do not read from it, so that it cannot be heard
     */
    Finding check(long now, long lastRead, long drained, Heartbeat heartbeat, boolean heldBack) {
        if (heldBack || waiting && lastRead - waitingSince >= 0) {
            heard();
        }
        if (drained != this.drained) {
            this.drained = drained;
            waitingSince = now;
        }
        if (waiting && now - waitingSince > heartbeat.timeout()) {
            return Finding.DEAD;
        }
        return !heldBack && now - lastPing >= heartbeat.interval() ? Finding.PING : Finding.FINE;
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
