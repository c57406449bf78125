package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;

/**
 * Keeps the listener's promise: opened or failed once, closed once, and nothing after that.
 *
 * <p>The reading thread enters and leaves around its calls. A close that comes meanwhile, from this or another thread,
 * is told when it leaves.
 */
final class ListenerGate {
    private final ConnectionListener listener;
    private int inside;
    private boolean opened;
    private boolean closed;
    private CloseStatus untold;

    ListenerGate(ConnectionListener listener) {
        this.listener = listener;
    }

    ConnectionListener listener() {
        return listener;
    }

    /** Returns whether the connection is open still; if so, {@link #leave} must follow. */
    synchronized boolean enter() {
        if (opened && !closed) {
            inside++;
            return true;
        }
        return false;
    }

    void leave() {
        CloseStatus status;
        synchronized (this) {
            if (--inside > 0 || untold == null) {
                return;
            }
            status = untold;
            untold = null;
        }
        listener.onClose(status);
    }

    boolean open(Connection connection) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            opened = true;
            inside++;
        }
        try {
            listener.onOpen(connection);
        } finally {
            leave();
        }
        return true;
    }

    void openFailed(Throwable cause) {
        synchronized (this) {
            if (opened || closed) {
                return;
            }
            closed = true;
        }
        listener.onOpenFailed(cause);
    }

    void close(CloseStatus status) {
        synchronized (this) {
            if (!opened || closed) {
                return;
            }
            closed = true;
            if (inside > 0) {
                untold = status;
                return;
            }
        }
        listener.onClose(status);
    }
}
