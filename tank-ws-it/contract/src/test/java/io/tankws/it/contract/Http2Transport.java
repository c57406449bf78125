package io.tankws.it.contract;

import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.ListenException;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.ConnectionTracker;
import io.tankws.transport.jetty.TankWsHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A handler on a Jetty server of the application that supports HTTP/2. Clients reach it through a gateway. */
final class Http2Transport implements Transport {
    private final TransportConfig config;
    private final TankWsHandler handler = new TankWsHandler();
    private final ConnectionTracker connections = new ConnectionTracker();
    private final Server server = new Server();
    private final ServerConnector connector;
    private Http2Gateway gateway;
    private volatile InetSocketAddress address;
    private boolean closed;

    Http2Transport(TransportConfig config) {
        this.config = config;
        HttpConfiguration http = new HttpConfiguration();
        // A Jetty server with defaults rejects some paths of the contract, such as one with an escaped percent sign.
        http.setUriCompliance(UriCompliance.UNSAFE);
        HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(4096);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http), http2);
        connector.setHost(config.host());
        server.addConnector(connector);
        server.setHandler(handler);
        server.setStopTimeout(0);
    }

    @Override
    public void handle(String path, HandshakeHandler connectionHandler) {
        handler.handle(
                path, handshake -> connectionHandler.handleConnection(new Tracked((TransportHandshake) handshake)));
    }

    @Override
    public synchronized void start() {
        try {
            server.start();
            InetAddress host = InetAddress.getByName(config.host());
            gateway = new Http2Gateway(
                    new InetSocketAddress(host, config.port()),
                    new InetSocketAddress(host, connector.getLocalPort()),
                    Optional.empty());
            address = new InetSocketAddress(host, gateway.port());
        } catch (Exception e) {
            closed = true;
            stop();
            throw new ListenException(config.host(), config.port(), e);
        }
    }

    @Override
    public InetSocketAddress address() {
        if (address == null) {
            throw new IllegalStateException("not started");
        }
        return address;
    }

    @Override
    public synchronized void close(Duration timeout) {
        if (address == null || closed) {
            return;
        }
        closed = true;
        try {
            gateway.stopAccepting();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.close(timeout);
        stop();
    }

    private void stop() {
        try {
            if (gateway != null) {
                gateway.close();
            }
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A handshake with a tracked connection, because a mounted handler does not close connections on its own. */
    private final class Tracked implements TransportHandshake {
        private final TransportHandshake handshake;

        Tracked(TransportHandshake handshake) {
            this.handshake = handshake;
        }

        @Override
        public HandshakeRequest request() {
            return handshake.request();
        }

        @Override
        public void refuse(Refusal refusal) {
            handshake.refuse(refusal);
        }

        @Override
        public void accept(AcceptOptions acceptance, ConnectionListener listener) {
            handshake.accept(acceptance, new TrackedListener(listener, connections));
        }
    }
}
