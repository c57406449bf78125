package io.tankws.spi.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The sockets of one transport that have sent their last byte and wait for the end of the peer's bytes, as RFC 6455
 * section 7.1.1 recommends. Closing such a socket while the peer still sends would reset the connection, and the peer
 * would lose the bytes that it has not read. Safe for use by several threads.
 *
 * <p>For transports; not to be extended.
 */
public final class HalfClosedSockets {
    /** When so many sockets are half-closed, a further one is closed at once. */
    public static final int MAX_SOCKETS = 1024;

    /** When the peer has not ended its half within this time, the socket is closed. */
    public static final Duration MAX_TIME = Duration.ofSeconds(5);

    /** When a peer has sent more than these bytes after the end, they are no longer read. */
    public static final long MAX_BYTES = 16 * 1024 * 1024;

    /** When a transport closes, it gives half-closed sockets at most this time. */
    public static final Duration MAX_TIME_AT_SHUTDOWN = Duration.ofSeconds(1);

    private final int max;
    private int count;

    /** Starts without sockets and allows {@link #MAX_SOCKETS}. */
    public HalfClosedSockets() {
        this(MAX_SOCKETS);
    }

    /**
     * Starts without sockets.
     *
     * @param max the most sockets at a time
     */
    public HalfClosedSockets(int max) {
        this.max = max;
    }

    /**
     * Adds a socket if there is room for it.
     *
     * @return whether the socket may wait; then {@link #leave} must follow
     */
    public synchronized boolean enter() {
        if (count >= max) {
            return false;
        }
        count++;
        return true;
    }

    /** Removes a socket that was added. */
    public synchronized void leave() {
        count--;
        notifyAll();
    }

    /**
     * Returns the number of sockets that wait.
     *
     * @return at most the bound
     */
    public synchronized int size() {
        return count;
    }

    /**
     * Waits until no socket waits, at most {@link #MAX_TIME_AT_SHUTDOWN}. An interrupt ends the wait and stays set.
     *
     * @param timeout a shorter time; zero or less for no wait
     */
    public synchronized void awaitNone(Duration timeout) {
        Duration time = timeout.compareTo(MAX_TIME_AT_SHUTDOWN) < 0 ? timeout : MAX_TIME_AT_SHUTDOWN;
        try {
            RunningTime.await(time, nanos -> {
                if (count > 0 && nanos > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, nanos);
                }
                return count == 0;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
