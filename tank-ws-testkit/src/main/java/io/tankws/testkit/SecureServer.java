package io.tankws.testkit;

import io.tankws.HandshakeHandler;
import io.tankws.WebSocketServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * A server with TLS, together with what its clients need: every {@link TestClient} that is given this server speaks TLS
 * to it.
 *
 * @param server running, with TLS
 * @param clientContext trusts the server
 */
public record SecureServer(WebSocketServer server, SSLContext clientContext) implements WebSocketServer {
    /**
     * Checks.
     *
     * @param server {@link #server()}
     * @param clientContext {@link #clientContext()}
     */
    public SecureServer {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(clientContext, "clientContext");
    }

    @Override
    public WebSocketServer handle(String path, HandshakeHandler handler) {
        server.handle(path, handler);
        return this;
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public String transport() {
        return server.transport();
    }

    @Override
    public boolean isSecure() {
        return server.isSecure();
    }

    @Override
    public boolean isRunning() {
        return server.isRunning();
    }

    @Override
    public void stop(Duration timeout) {
        server.stop(timeout);
    }

    @Override
    public void close() {
        server.close();
    }
}
