package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The open connections of one handler; Jetty keeps no such list. */
final class OpenConnections {
    private final Set<JettyConnection> open = new HashSet<>();
    private boolean closing;

    void add(JettyConnection connection) {
        boolean late;
        synchronized (this) {
            open.add(connection);
            late = closing;
        }
        if (late) {
            connection.close(CloseStatus.GOING_AWAY);
        }
    }

    synchronized void remove(JettyConnection connection) {
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
        forEach(JettyConnection::abort);
        interrupted |= !await(Duration.ofSeconds(1));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void forEach(Consumer<JettyConnection> action) {
        Set<JettyConnection> copy;
        synchronized (this) {
            copy = Set.copyOf(open);
        }
        copy.forEach(action);
    }

    private synchronized boolean await(Duration timeout) {
        long nanos = Timeouts.bounded(timeout).toNanos();
        long deadline = System.nanoTime() + nanos;
        try {
            for (long left = nanos; left > 0 && !open.isEmpty(); left = deadline - System.nanoTime()) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
