package io.tankws.spi.support;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import io.tankws.spi.Transport;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The open connections of one transport, for those whose library keeps no such list: what {@link Transport#close} needs.
 * Safe for use by several threads.
 */
public final class ConnectionTracker {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration ABORT_GRACE = Duration.ofSeconds(1);

    /** That map has no object of its own for each. */
    private final Set<Connection> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean closing;

    /** Starts empty. */
    public ConnectionTracker() {}

    /**
     * Adds a connection; one that comes after {@link #close} is closed at once.
     *
     * @param connection able to be closed
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
     * Removes a connection; nothing happens if it is not there.
     *
     * @param connection closed
     */
    public synchronized void remove(Connection connection) {
        open.remove(connection);
        notifyAll();
    }

    /**
     * Asks every peer to close, waits, cuts off the rest, and waits a second for these. Interrupted, it cuts off at
     * once.
     *
     * @param timeout how long peers may take
     */
    public void close(Duration timeout) {
        synchronized (this) {
            closing = true;
        }
        forEach(connection -> connection.close(CloseStatus.GOING_AWAY));
        boolean interrupted = !await(timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout);
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
