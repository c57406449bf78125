package io.tankws.it.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A gateway that accepts WebSocket handshakes over HTTP/1.1 and opens for each a stream of one HTTP/2 connection to the
 * server (RFC 8441). The HTTP/1.1 clients of the contract check the behaviour of the server on streams through it.
 */
final class Http2Gateway {
    /** Bytes of a stream's window: small, so that a client that does not read blocks the server early. */
    private static final int WINDOW = 64 * 1024;

    private static final int SESSION_WINDOW = 16 * 1024 * 1024;

    private final HTTP2Client client = new HTTP2Client();
    private final ServerSocket listening;
    private final Session session;
    private final Set<Http2Tunnel> tunnels = ConcurrentHashMap.newKeySet();

    /**
     * Connects to the server and listens for clients.
     *
     * @param trust trusts the server, empty without TLS
     */
    Http2Gateway(InetSocketAddress address, InetSocketAddress server, Optional<SSLContext> trust) throws Exception {
        client.setInitialStreamRecvWindow(WINDOW);
        client.setInitialSessionRecvWindow(SESSION_WINDOW);
        client.setIdleTimeout(0);
        client.setStreamIdleTimeout(0);
        client.start();
        CompletableFuture<Void> settings = new CompletableFuture<>();
        Session.Listener listener = new Session.Listener() {
            @Override
            public void onSettings(Session from, SettingsFrame frame) {
                if (frame.getSettings().getOrDefault(SettingsFrame.ENABLE_CONNECT_PROTOCOL, 0) == 1) {
                    settings.complete(null);
                }
            }
        };
        session = (trust.isPresent()
                        ? client.connect(encryption(trust.get()), server, listener)
                        : client.connect(server, listener))
                .get(10, TimeUnit.SECONDS);
        settings.get(10, TimeUnit.SECONDS);
        listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(address);
        Http2Tunnel.startDaemon("http2-gateway", this::acceptAll);
    }

    private SslContextFactory.Client encryption(SSLContext trust) {
        SslContextFactory.Client result = new SslContextFactory.Client();
        result.setSslContext(trust);
        client.addBean(result);
        LifeCycle.start(result);
        return result;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = listening.accept();
                Http2Tunnel tunnel = new Http2Tunnel(socket, session, tunnels::remove);
                tunnels.add(tunnel);
                tunnel.start();
            }
        } catch (IOException e) {
            // The gateway is closed.
        }
    }

    void stopAccepting() throws IOException {
        listening.close();
    }

    void close() throws Exception {
        stopAccepting();
        tunnels.forEach(Http2Tunnel::close);
        client.stop();
    }
}
