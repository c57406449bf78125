package io.tankws.testkit;

import io.tankws.CloseStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The open connections of one transport. */
final class OpenConnections {
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Set<InMemoryConnection> open = new HashSet<>();
    private boolean closing;

    void add(InMemoryConnection connection) {
        boolean late;
        synchronized (this) {
            open.add(connection);
            late = closing;
        }
        if (late) {
            connection.close(CloseStatus.GOING_AWAY);
        }
    }

    synchronized void remove(InMemoryConnection connection) {
        open.remove(connection);
        notifyAll();
    }

    /** Asks every peer to close, waits, and cuts off the rest. Interrupted, it cuts off at once. */
    void close(Duration timeout) {
        synchronized (this) {
            closing = true;
        }
        forEach(connection -> connection.close(CloseStatus.GOING_AWAY));
        boolean interrupted = !await(timeout);
        forEach(InMemoryConnection::abort);
        interrupted |= !await(Duration.ofSeconds(1));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void forEach(Consumer<InMemoryConnection> action) {
        Set<InMemoryConnection> copy;
        synchronized (this) {
            copy = Set.copyOf(open);
        }
        copy.forEach(action);
    }

    private synchronized boolean await(Duration timeout) {
        long nanos = (timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout).toNanos();
        long deadline = System.nanoTime() + nanos;
        try {
            for (long left = nanos; left > 0 && !open.isEmpty(); left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
