package io.tankws.protocol.centrifuge;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The times of pings to one client, and the check of its pongs. Thread-safe.
 *
 * <p>Traffic does not postpone a ping, because most SDKs reconnect when no ping arrives.
 */
final class PingSchedule {
    private final long interval;
    private final long timeout;
    private long nextPing;
    private long lastPing;
    private boolean isPongDue;
    private boolean isStarted;

    PingSchedule(Duration interval, Duration timeout) {
        this.interval = interval.toNanos();
        this.timeout = timeout.toNanos();
    }

    /** The action that is due. */
    enum Due {
        NOTHING,
        PING,
        /** The client has not answered a ping in time. */
        CLOSE
    }

    /** Starts the schedule. The first ping is due after a random time, so that the pings of clients spread. */
    private void start(long now) {
        isStarted = true;
        nextPing = now + ThreadLocalRandom.current().nextLong(interval / 2, interval);
    }

    /**
     * Returns the action that is due at a time.
     *
     * @param isPaused whether the server does not read from the client, so that no pong can arrive
     */
    synchronized Due at(long now, boolean isPaused) {
        if (!isStarted) {
            start(now);
        }
        if (isPaused && isPongDue) {
            // The client gets the whole time again when the server reads on.
            lastPing = now;
        } else if (isPongDue && timeout > 0 && now - lastPing > timeout) {
            return Due.CLOSE;
        }
        if (now - nextPing < 0) {
            return Due.NOTHING;
        }
        nextPing += interval;
        if (now - nextPing > 0) {
            nextPing = now + interval;
        }
        if (timeout > 0) {
            lastPing = now;
            isPongDue = true;
        }
        return Due.PING;
    }

    /** Records a pong. Returns whether one was due. */
    synchronized boolean pong() {
        boolean wasDue = isPongDue;
        isPongDue = false;
        return wasDue;
    }
}
