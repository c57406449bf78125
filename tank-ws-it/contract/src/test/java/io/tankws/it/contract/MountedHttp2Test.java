package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestKeys;
import io.tankws.transport.jetty.TankWsHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connector of the application's server that supports HTTP/1.1 and HTTP/2, with and without TLS. */
class MountedHttp2Test {
    @TempDir
    private Path directory;

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Content.Sink.write(response, true, "hello from " + Request.getPathInContext(request), callback);
            return true;
        }
    }

    private static ConnectionFactory[] protocols(Optional<Path> key) {
        HttpConfiguration http = new HttpConfiguration();
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        if (key.isEmpty()) {
            return new ConnectionFactory[] {http1, new HTTP2CServerConnectionFactory(http)};
        }
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(key.get().toString());
        tls.setKeyStorePassword(TestKeys.PASSWORD);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
        alpn.setDefaultProtocol("http/1.1");
        return new ConnectionFactory[] {
            new SslConnectionFactory(tls, alpn.getProtocol()), alpn, new HTTP2ServerConnectionFactory(http), http1
        };
    }

    private static BlockingQueue<String> webSocket(HttpClient http, String uri) throws Exception {
        BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        http.newWebSocketBuilder()
                .buildAsync(URI.create(uri), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        texts.add(data.toString());
                        from.request(1);
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
        return texts;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneConnectorServesBothProtocols(boolean secure) throws Exception {
        Optional<Path> key = secure ? Optional.of(TestKeys.create(directory, "server")) : Optional.empty();
        Optional<SSLContext> trust = secure ? Optional.of(TestKeys.trusting(key.get())) : Optional.empty();
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2);
        trust.ifPresent(builder::sslContext);
        HttpClient http = builder.build();
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty, 1, 1, protocols(key));
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        Manager tank = TankWs.builder().greeting("").build().start();
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        TankWsHandler mounted = new TankWsHandler();
        mounted.handle("/ws", handshake -> {
            requests.add(
                    handshake.request().method() + " " + handshake.request().isSecure());
            tank.handleConnection(handshake);
        });
        mounted.setHandler(new Hello());
        jetty.setHandler(new ContextHandler(mounted, "/app"));
        jetty.start();
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", connector.getLocalPort());
        Http2Gateway gateway = new Http2Gateway(new InetSocketAddress("127.0.0.1", 0), address, trust);
        try {
            String authority = "://127.0.0.1:" + connector.getLocalPort();
            BlockingQueue<String> ann = webSocket(http, (secure ? "wss" : "ws") + authority + "/app/ws?user_id=ann");
            assertEquals("GET " + secure, requests.poll(10, TimeUnit.SECONDS));
            BlockingQueue<String> bob = webSocket(http, "ws://127.0.0.1:" + gateway.port() + "/app/ws?user_id=bob");
            assertEquals("CONNECT " + secure, requests.poll(10, TimeUnit.SECONDS));
            URI other = URI.create((secure ? "https" : "http") + authority + "/app/other");
            HttpResponse<String> response =
                    http.send(HttpRequest.newBuilder(other).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(HttpClient.Version.HTTP_2, response.version());
            assertEquals("hello from /other", response.body());
            Await.until("both clients", () -> tank.getClientCount() == 2);
            tank.broadcastMessage("mounted");
            assertEquals("mounted", ann.poll(10, TimeUnit.SECONDS));
            assertEquals("mounted", bob.poll(10, TimeUnit.SECONDS));
        } finally {
            gateway.close();
            tank.close();
            jetty.stop();
        }
    }
}
