package io.tankws.spi.support;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The start and the end of one {@link ConnectionListener}: {@code onOpen} or {@code onOpenFailed} first and once,
 * {@code onClose} last, once, and never during another call.
 *
 * <p>A transport makes all other calls one after the other, between {@link #enter} and {@link #leave}. An end that any
 * thread reports during such a call is passed on by the {@code leave} that ends the call. The listener is never called
 * under a lock of this class. Safe for use by several threads.
 */
public final class SerialListener {
    private static final Runnable NOTHING = () -> {};

    private final ConnectionListener listener;
    private final Runnable afterEnd;
    /** The number of calls in progress; calls may be nested. */
    private int calls;

    private boolean opened;
    private boolean closed;
    /** The status for {@code onClose}, which waits for the end of a call; {@code null} if none waits. */
    private @Nullable CloseStatus pendingClose;

    /**
     * Creates the guard of a listener that has not been called.
     *
     * @param listener receives all calls
     */
    public SerialListener(ConnectionListener listener) {
        this(listener, NOTHING);
    }

    /**
     * Creates the guard of a listener that has not been called.
     *
     * @param listener receives all calls
     * @param afterEnd runs once, after {@code onClose} or {@code onOpenFailed}, also if that call throws
     */
    public SerialListener(ConnectionListener listener, Runnable afterEnd) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.afterEnd = Objects.requireNonNull(afterEnd, "afterEnd");
    }

    /**
     * Returns the listener, which may be called between {@link #enter} and {@link #leave}.
     *
     * @return the listener, but not for {@code onOpen}, {@code onOpenFailed} and {@code onClose}
     */
    public ConnectionListener listener() {
        return listener;
    }

    /**
     * Calls {@code onOpen}, unless the connection has been opened or has ended before.
     *
     * @param connection the connection to pass on
     * @return whether {@code onOpen} was called
     */
    public boolean open(Connection connection) {
        synchronized (this) {
            if (opened || closed) {
                return false;
            }
            opened = true;
            calls++;
        }
        try {
            listener.onOpen(connection);
        } finally {
            leave();
        }
        return true;
    }

    /**
     * Begins a call of the listener, if the connection is open.
     *
     * @return whether the listener may be called; if so, {@link #leave} must follow
     */
    public synchronized boolean enter() {
        boolean open = opened && !closed;
        if (open) {
            calls++;
        }
        return open;
    }

    /** Ends a call of the listener, and calls {@code onClose} if the connection has ended during the call. */
    public void leave() {
        CloseStatus status;
        synchronized (this) {
            calls--;
            if (calls > 0 || pendingClose == null) {
                return;
            }
            status = pendingClose;
            pendingClose = null;
        }
        callOnClose(status);
    }

    /**
     * Ends the connection, unless it has ended before. Calls {@code onClose}, or {@code onOpenFailed} if the connection
     * was never opened. During a call of the listener, {@code onClose} waits for its end.
     *
     * @param status the status for {@code onClose}
     */
    public void close(CloseStatus status) {
        boolean failed;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            failed = !opened;
            if (calls > 0) {
                pendingClose = status;
                return;
            }
        }
        if (failed) {
            callOnOpenFailed(new ClosedChannelException());
        } else {
            callOnClose(status);
        }
    }

    /**
     * Ends a connection before its start: calls {@code onOpenFailed}, unless the connection has been opened or has
     * ended.
     *
     * @param cause the cause to pass on
     */
    public void openFailed(Throwable cause) {
        synchronized (this) {
            if (opened || closed) {
                return;
            }
            closed = true;
        }
        callOnOpenFailed(cause);
    }

    private void callOnOpenFailed(Throwable cause) {
        try {
            listener.onOpenFailed(cause);
        } finally {
            afterEnd.run();
        }
    }

    private void callOnClose(CloseStatus status) {
        try {
            listener.onClose(status);
        } finally {
            afterEnd.run();
        }
    }
}
