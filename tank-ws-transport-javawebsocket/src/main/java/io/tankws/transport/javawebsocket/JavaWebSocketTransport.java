package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeHandler;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.support.PathHandlers;
import io.tankws.spi.support.Termination;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/** One listening port. */
final class JavaWebSocketTransport implements Transport {
    private final TransportConfig config;
    private final PathHandlers handlers = new PathHandlers();
    private final Termination termination = new Termination();
    private volatile Consumer<Throwable> onFailure = cause -> {};
    private BoundServer listener;
    /** Whether this may no longer be started. */
    private boolean closed;

    JavaWebSocketTransport(TransportConfig config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    @Override
    public void handle(String path, HandshakeHandler handler) {
        handlers.handle(path, handler);
    }

    @Override
    public void onFailure(Consumer<Throwable> failureListener) {
        onFailure = Objects.requireNonNull(failureListener, "listener");
    }

    @Override
    public synchronized void start() {
        if (closed || listener != null) {
            throw new IllegalStateException("a transport starts once");
        }
        listener = BoundServer.open(config, handlers, cause -> onFailure.accept(cause));
    }

    @Override
    public synchronized InetSocketAddress address() {
        if (listener == null) {
            throw new IllegalStateException("not started");
        }
        return listener.address();
    }

    /** Counts the sockets that are not closed, whatever their stage. */
    synchronized int peers() {
        return listener == null ? 0 : listener.peers();
    }

    @Override
    public void close(Duration timeout) {
        termination.run(!Closeables.isOwnThread(), "tank-ws-stop-java-websocket", () -> closeNow(timeout));
    }

    private void closeNow(Duration timeout) {
        BoundServer open;
        synchronized (this) {
            closed = true;
            open = listener;
        }
        if (open != null) {
            open.close(timeout);
        }
    }
}
