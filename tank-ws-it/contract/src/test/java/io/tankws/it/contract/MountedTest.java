package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Authentication;
import io.tankws.CloseStatus;
import io.tankws.HostRule;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.TrustedProxies;
import io.tankws.Upgrader;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.transport.jetty.TankWsHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** A manager on a Jetty server that belongs to the application, within a context and before another handler. */
class MountedTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Content.Sink.write(response, true, "hello from " + Request.getPathInContext(request), callback);
            return true;
        }
    }

    @Test
    void sharesTheApplicationsServer() throws Exception {
        Server jetty = new Server(0);
        Manager tank = TankWs.builder().greeting("").build().start();
        TankWsHandler mounted = new TankWsHandler();
        mounted.handle("/ws", tank::handleConnection);
        mounted.setHandler(new Hello());
        jetty.setHandler(new ContextHandler(mounted, "/app"));
        jetty.start();
        try {
            String authority = "127.0.0.1:" + ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
            assertEquals(
                    "hello from /other",
                    get("http://" + authority + "/app/other").body());
            assertEquals(426, get("http://" + authority + "/app/ws").statusCode());

            BlockingQueue<String> texts = new LinkedBlockingQueue<>();
            HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://" + authority + "/app/ws?user_id=ann"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                            texts.add(data.toString());
                            from.request(1);
                            return null;
                        }

                        @Override
                        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                            texts.add("closed " + code);
                            return null;
                        }
                    })
                    .get(10, TimeUnit.SECONDS)
                    .sendText("sub:news", true);
            Await.until("the subscription", () -> tank.getTopicSubscriberCount("news") == 1);
            tank.broadcastTopicMessage("news", "mounted");
            assertEquals("{\"topic\":\"news\",\"data\":\"mounted\"}", texts.poll(10, TimeUnit.SECONDS));
            tank.closeClient("ann", new CloseStatus(4000, "bye"));
            assertEquals("closed 4000", texts.poll(10, TimeUnit.SECONDS));
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    @Test
    void answersToLoopbackNamesAloneOverLoopback() throws Exception {
        Server jetty = new Server(new InetSocketAddress("127.0.0.1", 0));
        Manager tank = TankWs.builder().build().start();
        TankWsHandler mounted = new TankWsHandler();
        mounted.handle("/ws", tank::handleConnection);
        jetty.setHandler(mounted);
        jetty.start();
        try {
            int port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
            assertEquals("HTTP/1.1 101 Switching Protocols", statusLine(port, "localhost:" + port));
            assertEquals("HTTP/1.1 421 Misdirected Request", statusLine(port, "evil.example:" + port));
            assertEquals("HTTP/1.1 421 Misdirected Request", statusLine(port, "192.0.2.7:" + port));
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    /** The idle timeout of the application's server closes silent sockets, but no socket that waits for a decision. */
    @Test
    void aDecisionMayTakeLongerThanTheIdleTimeout() throws Exception {
        Server jetty = new Server(new InetSocketAddress("127.0.0.1", 0));
        ServerConnector connector = (ServerConnector) jetty.getConnectors()[0];
        connector.setIdleTimeout(100);
        CompletableFuture<Authentication> decision = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        Manager tank = TankWs.builder()
                .authenticator(request -> {
                    asked.countDown();
                    return decision;
                })
                .build()
                .start();
        TankWsHandler mounted = new TankWsHandler();
        mounted.handle("/ws", tank);
        jetty.setHandler(mounted);
        jetty.start();
        try {
            int port = connector.getLocalPort();
            CompletableFuture<String> status = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return statusLine(port, "localhost:" + port);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    task -> new Thread(task).start());
            asked.await();
            for (int i = 0; i < 3; i++) {
                try (Socket silent = new Socket("127.0.0.1", port)) {
                    silent.setSoTimeout(10_000);
                    assertEquals(-1, silent.getInputStream().read());
                }
            }
            decision.complete(Authentication.accepted());
            assertEquals("HTTP/1.1 101 Switching Protocols", status.get());
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    /** Mounts a manager at {@code /ch\u00e4t} in a context, before another handler or without one. */
    private static Server mount(Manager tank, TankWsHandler mounted, String context) throws Exception {
        Server jetty = new Server(new InetSocketAddress("127.0.0.1", 0));
        mounted.handle("/ch\u00e4t", tank);
        jetty.setHandler(new ContextHandler(mounted, context));
        jetty.start();
        return jetty;
    }

    private static int port(Server jetty) {
        return ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    }

    @Test
    void comparesPathsWithinAContextInNormalizedForm() throws Exception {
        Manager tank = TankWs.builder().build().start();
        Server jetty = mount(tank, new TankWsHandler(), "/m\u00fc app");
        try {
            for (String path :
                    List.of("/m%C3%BC%20app/ch%C3%A4t", "/m%c3%bc%20app/ch%c3%a4t", "/%6d%C3%bc%20a%70p/%63h%C3%A4t")) {
                assertEquals(101, status(port(jetty), path), path);
            }
            for (String path : List.of("/ch%C3%A4t", "/m%C3%BC%20app/ch%C3%84t")) {
                assertEquals(404, status(port(jetty), path), path);
            }
            for (String path : List.of(
                    "/m%C3%BC%20app/ch%",
                    "/m%C3%BC%20app/ch%zz",
                    "/m%C3%BC%20app/ch%ff",
                    "/m%C3%BC%20app/./ch%C3%A4t",
                    "/m%C3%BC%20app/x/../ch%C3%A4t",
                    "/m%C3%BC%20app/%2e/ch%C3%A4t",
                    "/m%C3%BC%20app/a%2fch%C3%A4t")) {
                assertEquals(400, status(port(jetty), path), path);
            }
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    @Test
    void leavesMalformedPathsToTheWrappedHandler() throws Exception {
        Manager tank = TankWs.builder().build().start();
        TankWsHandler mounted = new TankWsHandler();
        mounted.setHandler(new Hello());
        Server jetty = mount(tank, mounted, "/");
        try {
            assertEquals(200, status(port(jetty), "/x/../ch%C3%A4t"));
            assertEquals(101, status(port(jetty), "/ch%c3%a4t"));
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    @Test
    void takesSchemeHostAndAddressFromTrustedProxies() throws Exception {
        Manager tank = TankWs.builder()
                .limits(ManagerLimits.builder().maxConnectionsPerAddress(1).build())
                .build()
                .start();
        TankWsHandler mounted = new TankWsHandler();
        Server jetty = mount(tank, mounted, "/app");
        String page = "Origin: https://chat.example\r\nX-Forwarded-Host: chat.example\r\nX-Forwarded-Proto: https\r\n";
        try {
            assertEquals(403, status(port(jetty), "/app/ch%C3%A4t", page));
            mounted.setTrustedProxies(TrustedProxies.of("127.0.0.1"));
            try (Socket first = request(port(jetty), "/app/ch%C3%A4t", page + "X-Forwarded-For: 2001:db8::1\r\n")) {
                assertEquals(101, status(first));
                assertEquals(429, status(port(jetty), "/app/ch%C3%A4t", page + "X-Forwarded-For: 2001:db8::2\r\n"));
                assertEquals(101, status(port(jetty), "/app/ch%C3%A4t", page + "X-Forwarded-For: 2001:db8:1::2\r\n"));
            }
            assertEquals(400, status(port(jetty), "/app/ch%C3%A4t", page + "X-Forwarded-For: nonsense\r\n"));
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    /** The customizer has replaced the peer address by one that the client chose, so the address is not trusted. */
    @Test
    void doesNotApplyForwardedAddressesTwiceAfterTheCustomizerOfJetty() throws Exception {
        Manager tank = TankWs.builder()
                .limits(ManagerLimits.builder().maxConnectionsPerAddress(1).build())
                .upgrader(Upgrader.defaults().withHostRule(HostRule.of("chat.example")))
                .build()
                .start();
        TankWsHandler mounted = new TankWsHandler();
        mounted.setTrustedProxies(TrustedProxies.of("127.0.0.1", "198.51.100.7", "2001:db8::/32"));
        Server jetty = mount(tank, mounted, "/");
        ((ServerConnector) jetty.getConnectors()[0])
                .getConnectionFactory(HttpConnectionFactory.class)
                .getHttpConfiguration()
                .addCustomizer(new ForwardedRequestCustomizer());
        String page = "Origin: https://chat.example\r\nX-Forwarded-Host: chat.example\r\nX-Forwarded-Proto: https\r\n";
        String spoofed = page + "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\n";
        try (Socket first = request(port(jetty), "/ch%C3%A4t", spoofed)) {
            assertEquals(101, status(first));
            Await.until("the client", () -> tank.getClientCount() == 1);
            assertEquals("198.51.100.7", tank.clients().get(0).remoteAddress().getHostString());
            try (Socket second = request(port(jetty), "/ch%C3%A4t", page + "X-Forwarded-For: 2001:db8::1\r\n")) {
                assertEquals(101, status(second));
                // Jetty returns the address only as text.
                assertEquals(429, status(port(jetty), "/ch%C3%A4t", page + "X-Forwarded-For: 2001:db8::2\r\n"));
            }
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    private static int status(int port, String path, String... headers) throws IOException {
        try (Socket socket = request(port, path, headers)) {
            return status(socket);
        }
    }

    private static int status(Socket socket) throws IOException {
        String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
        return Integer.parseInt(line.split(" ")[1]);
    }

    private static Socket request(int port, String path, String... headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + String.join("", headers) + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String statusLine(int port, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String request = "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
