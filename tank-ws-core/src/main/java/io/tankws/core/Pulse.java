package io.tankws.core;

/**
 * The heartbeat of one client. Silence is measured from the first ping that nothing has come after, so a timeout
 * shorter than the interval works as well as a longer one. Used by the housekeeper's thread alone.
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

    Pulse(long now) {
        lastPing = now;
    }

    /**
     * Judges one client.
     *
     * @param heldBack whether we do not read from it, so that it cannot be heard
     */
    Finding check(long now, long lastRead, Heartbeat heartbeat, boolean heldBack) {
        if (heldBack || waiting && lastRead - waitingSince >= 0) {
            waiting = false;
        }
        if (waiting && now - waitingSince > heartbeat.timeout()) {
            return Finding.DEAD;
        }
        return !heldBack && now - lastPing >= heartbeat.interval() ? Finding.PING : Finding.FINE;
    }

    /** A sign of life that has yet to be read. */
    void heard() {
        waiting = false;
    }

    void pinged(long now) {
        lastPing = now;
        if (!waiting) {
            waiting = true;
            waitingSince = now;
        }
    }
}
