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
import org.jspecify.annotations.Nullable;

/** The transport on Java-WebSocket: one port with the handlers of its paths. */
final class JavaWebSocketTransport implements Transport {
    private final TransportConfig config;
    private final PathHandlers handlers = new PathHandlers();
    private final Termination termination = new Termination();
    private volatile Consumer<Throwable> onFailure = cause -> {};
    private @Nullable BoundServer server;

    /** {@code true} if this transport was closed, so that it cannot be started. */
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
        if (closed || server != null) {
            throw new IllegalStateException("a transport must be started once, before it is closed");
        }
        server = BoundServer.open(config, handlers, cause -> onFailure.accept(cause));
    }

    @Override
    public synchronized InetSocketAddress address() {
        if (server == null) {
            throw new IllegalStateException("the transport must be started");
        }
        return server.address();
    }

    /** Returns the number of sockets that are not closed, in any state. */
    synchronized int peers() {
        return server == null ? 0 : server.peers();
    }

    @Override
    public void close(Duration timeout) {
        termination.run(!Closeables.isOwnThread(), "tank-ws-stop-java-websocket", () -> closeNow(timeout));
    }

    private void closeNow(Duration timeout) {
        BoundServer open;
        synchronized (this) {
            closed = true;
            open = server;
        }
        if (open != null) {
            open.close(timeout);
        }
    }
}
