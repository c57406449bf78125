package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.CloseStatus;
import io.tankws.Limits;
import io.tankws.Manager;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
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

    @Test
    void refusesLimitsThatBelongToTheServerOfTheApplication() {
        Limits limits = Limits.builder().maxSockets(5).build();
        TankWsHandler mounted = new TankWsHandler();
        try (Manager tank = TankWs.builder().limits(limits).build()) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> mounted.handle("/ws", tank));
            assertTrue(e.getMessage().contains("maxSockets") && e.getMessage().contains("5"), e::getMessage);
        }
    }

    /** The idle timeout of the application's server ends silent sockets, but none that waits for a decision. */
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
