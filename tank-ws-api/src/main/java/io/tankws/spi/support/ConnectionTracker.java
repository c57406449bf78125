package io.tankws.spi.support;

import io.tankws.CloseStatus;
import io.tankws.Limits;
import io.tankws.spi.Connection;
import io.tankws.spi.Transport;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The open connections of a transport whose library has no list of them; {@link Transport#close} needs the list. Safe
 * for use by several threads.
 *
 * <p>For transports; not to be extended.
 */
public final class ConnectionTracker {
    private static final Duration ABORT_GRACE = Duration.ofSeconds(1);

    /** An identity map, because it has no entry object for each connection. */
    private final Set<Connection> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean closing;

    /** Creates a tracker without connections. */
    public ConnectionTracker() {}

    /**
     * Adds a connection. A connection that is added after {@link #close} is closed at once.
     *
     * @param connection accepts {@link Connection#close}
     */
    public void add(Connection connection) {
        boolean late;
        synchronized (this) {
            open.add(connection);
            late = closing;
        }
        if (late) {
            connection.close(CloseStatus.GOING_AWAY);
        }
    }

    /**
     * Removes a connection. Nothing happens if it is not tracked.
     *
     * @param connection a closed connection
     */
    public synchronized void remove(Connection connection) {
        open.remove(connection);
        notifyAll();
    }

    /**
     * Closes every connection with 1001, waits for the peers, disconnects the remaining peers, and waits a second for
     * their connections to end. An interrupt disconnects the remaining peers at once.
     *
     * @param timeout the time that peers have to answer
     */
    public void close(Duration timeout) {
        synchronized (this) {
            closing = true;
        }
        forEach(connection -> connection.close(CloseStatus.GOING_AWAY));
        boolean interrupted = !await(timeout.compareTo(Limits.MAX_DURATION) > 0 ? Limits.MAX_DURATION : timeout);
        forEach(Connection::abort);
        interrupted |= !await(ABORT_GRACE);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void forEach(Consumer<Connection> action) {
        Set<Connection> copy;
        synchronized (this) {
            copy = Set.copyOf(open);
        }
        copy.forEach(action);
    }

    private synchronized boolean await(Duration timeout) {
        try {
            RunningTime.await(timeout, nanos -> {
                if (!open.isEmpty() && nanos > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, nanos);
                }
                return open.isEmpty();
            });
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
