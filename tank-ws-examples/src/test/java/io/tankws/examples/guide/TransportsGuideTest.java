package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Compression;
import io.tankws.Manager;
import io.tankws.Tls;
import io.tankws.TransportSelectionException;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestKeys;
import io.tankws.transport.jetty.TankWsHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/transports.md. */
class TransportsGuideTest extends GuideTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Manager tank = closing(TankWs.newInstance());

    @TempDir
    private Path directory;

    private static void connect(URI address) throws Exception {
        WebSocket socket = HTTP.newWebSocketBuilder()
                .buildAsync(address, new WebSocket.Listener() {})
                .get(10, TimeUnit.SECONDS);
        socket.abort();
    }

    @Test
    void compressionIsRefusedAtTheStartWhereTheTransportCannotBoundIt() {
        int port = 0;
        // region Compression
        tank.setCustomUpgrader(Upgrader.defaults().withCompression(Compression.REQUIRED));
        WebSocketServer server =
                TankWs.serve("jetty").port(port).handle("/ws", tank).start();
        // endregion
        closing(server);
        try (TestClient client = TestClient.to(server, "/ws")
                .header("Sec-WebSocket-Extensions", "permessage-deflate")
                .connect()) {
            assertTrue(
                    client.reply().header("Sec-WebSocket-Extensions").orElse("").startsWith("permessage-deflate"));
        }
        WebSocketServer.Builder other = TankWs.serve("java-websocket").port(0).handle("/ws", tank);
        assertThrows(TransportSelectionException.class, other::start);
    }

    @Test
    void encrypts() throws Exception {
        int port = 0;
        String host = "127.0.0.1";
        char[] password = TestKeys.PASSWORD.toCharArray();
        Path keyStore = TestKeys.create(directory, "server");
        // region Tls
        WebSocketServer server = TankWs.serve("jetty")
                .host(host)
                .port(port)
                .tls(Tls.of(keyStore, password))
                .handle("/ws", tank)
                .start();
        // endregion
        closing(server);
        assertTrue(server.isSecure());
        try (TestClient client = TestClient.to(server, "/ws?user_id=ann")
                .trusting(TestKeys.trusting(keyStore))
                .connect()) {
            client.awaitText("Hello, ann! Welcome to WebSocket server.");
        }
    }

    @Test
    void mountsOnTheJettyServerOfAnApplication() throws Exception {
        Handler yourHandlers = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(response, true, "page", callback);
                return true;
            }
        };
        // region OwnJetty
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty); // or connectors of yours, with TLS and HTTP/2
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        TankWsHandler webSockets = new TankWsHandler();
        webSockets.handle("/ws", tank);
        webSockets.setHandler(yourHandlers); // gets the requests for every other path
        jetty.setHandler(webSockets);
        jetty.start();
        // endregion
        closing(jetty::stop);
        String address = "127.0.0.1:" + connector.getLocalPort();
        connect(URI.create("ws://" + address + "/ws"));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/other"))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertEquals("page", response.body());
    }
}
