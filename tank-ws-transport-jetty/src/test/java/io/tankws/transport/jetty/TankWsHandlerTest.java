package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TankWsHandlerTest extends TransportTestBase {
    private final Server server = new Server();

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!Request.getPathInContext(request).equals("/hello")) {
                return false;
            }
            Content.Sink.write(response, true, "hello", callback);
            return true;
        }
    }

    private InetSocketAddress serve(Handler handler) throws Exception {
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
        return new InetSocketAddress("127.0.0.1", connector.getLocalPort());
    }

    private void echoOnce(InetSocketAddress address, String target) throws Exception {
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade(target));
            String head = client.readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            client.send(RawClient.frame(0x81, "hi"));
            assertEquals("text hi", listener.message());
            listener.connection().close(io.tankws.CloseStatus.NORMAL);
            assertEquals(1000, client.read().closeCode());
            client.send(RawClient.close(1000));
            assertEquals(1000, listener.closeStatus().code());
            assertTrue(client.isCut());
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void validHandshakeWithABodyIs400(String header) throws Exception {
        TankWsHandler handler = new TankWsHandler(true);
        handler.handle("/ws", accepting(PLAIN));
        try (RawClient client = new RawClient(serve(handler))) {
            client.send(RawClient.upgrade("/ws", header) + "0\r\n\r\n");
            assertTrue(client.readAll().startsWith("HTTP/1.1 400 "));
        }
    }

    @Test
    void otherPathsGoOnToTheWrappedHandler() throws Exception {
        TankWsHandler handler = new TankWsHandler();
        handler.handle("/ws", accepting(PLAIN));
        handler.setHandler(new Hello());
        InetSocketAddress address = serve(handler);
        try (RawClient client = new RawClient(address)) {
            client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertTrue(client.readAll().endsWith("hello"));
        }
        try (RawClient client = new RawClient(address)) {
            client.send("GET /no HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertTrue(client.readAll().startsWith("HTTP/1.1 404 "));
        }
        echoOnce(address, "/ws");
    }

    @Test
    void worksInAContextWithinASequence() throws Exception {
        TankWsHandler handler = new TankWsHandler();
        handler.handle("/ws", accepting(PLAIN));
        InetSocketAddress address = serve(new Handler.Sequence(new ContextHandler(handler, "/app"), new Hello()));
        try (RawClient client = new RawClient(address)) {
            client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertTrue(client.readAll().endsWith("hello"));
        }
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws"));
            assertTrue(client.readHead().startsWith("HTTP/1.1 404 "));
        }
        CompletableFuture<String> path = new CompletableFuture<>();
        handler.handle("/ws", handshake -> {
            path.complete(handshake.request().path());
            accept(handshake, PLAIN);
        });
        echoOnce(address, "/app/ws");
        assertEquals("/app/ws", path.get(10, TimeUnit.SECONDS));
    }

    @Test
    void refusedConnectionStaysUsableOnAServerThatKeepsConnections() throws Exception {
        TankWsHandler handler = new TankWsHandler();
        handler.handle("/no", handshake -> handshake.refuse(new io.tankws.Refusal(403, "no")));
        handler.handle("/ws", accepting(PLAIN));
        InetSocketAddress address = serve(handler);
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/no"));
            assertTrue(client.readHead().startsWith("HTTP/1.1 403 "));
            byte[] body = client.socket.getInputStream().readNBytes(2);
            assertEquals("no", new String(body, StandardCharsets.UTF_8));
            client.send(RawClient.upgrade("/ws"));
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        }
    }

    @Test
    void stoppingTheServerClosesConnections() throws Exception {
        TankWsHandler handler = new TankWsHandler();
        handler.handle("/ws", accepting(PLAIN));
        InetSocketAddress address = serve(handler);
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws"));
            client.readHead();
            listener.connection();
            server.stop();
            listener.closeStatus();
            assertEquals(
                    1,
                    listener.calls.stream()
                            .filter(call -> call.startsWith("close"))
                            .count());
        }
    }
}
