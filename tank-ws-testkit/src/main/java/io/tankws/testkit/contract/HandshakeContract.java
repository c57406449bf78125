package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.Refusal;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestHandshake;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** HTTP on a WebSocket port, origins, subprotocols. */
abstract class HandshakeContract extends ContractTestBase {
    HandshakeContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void plainHttpIsAskedToUpgrade() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        HttpReply reply = TestClient.to(serve(manager), "/ws")
                .without("Upgrade")
                .without("Connection")
                .without("Sec-WebSocket-Key")
                .without("Sec-WebSocket-Version")
                .awaitReply();
        assertEquals(426, reply.status());
        assertEquals(Optional.of("websocket"), reply.header("Upgrade"));
        assertEquals(Optional.of("13"), reply.header("Sec-WebSocket-Version"));
        assertTrue(reply.body().contains("WebSocket"), reply.body());
        assertEquals(
                ErrorCode.UPGRADE_FAILED,
                errors.await("the error", event -> true).code());
        assertEquals(1, manager.statistics().handshakesRefused());
    }

    @Test
    void anUnknownPathIsNotFound() {
        WebSocketServer server = serve(start());
        for (String path : List.of("/", "/ws/", "/WS", "/wsx", "/other?x=/ws", "/w%53")) {
            assertEquals(404, TestClient.to(server, path).awaitReply().status(), path);
        }
    }

    @Test
    void aBadHandshakeIsABadRequest() {
        WebSocketServer server = serve(start());
        assertEquals(
                400, handshake(server).without("Sec-WebSocket-Key").awaitReply().status());
        assertEquals(
                400,
                handshake(server)
                        .without("Sec-WebSocket-Key")
                        .header("Sec-WebSocket-Key", "short")
                        .awaitReply()
                        .status());
        assertEquals(
                400,
                handshake(server)
                        .without("Connection")
                        .header("Connection", "close")
                        .awaitReply()
                        .status());
        assertEquals(
                426,
                handshake(server)
                        .without("Sec-WebSocket-Version")
                        .header("Sec-WebSocket-Version", "8")
                        .awaitReply()
                        .status());
        assertEquals(405, handshake(server).method("PUT").awaitReply().status());
        connect(server, "ann");
    }

    @Test
    void oddQueriesAreNoReasonToFail() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        for (String query : List.of("?", "?a=%7Bzz%7D&user_id=odd1", "?%24%7Bx%7D&user_id=odd2", "?&&=&user_id=odd3")) {
            closing(TestClient.connect(server, "/ws" + query));
        }
        Await.until("all", () -> manager.getClientCount() == 4);
    }

    private TestHandshake handshake(WebSocketServer server) {
        return TestClient.to(server, "/ws");
    }

    private static String origin(WebSocketServer server) {
        return (server.isSecure() ? "https" : "http") + "://127.0.0.1:" + server.port();
    }

    @Test
    void onlyTheSameOriginMayConnectByDefault() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        String scheme = server.isSecure() ? "https" : "http";
        String other = server.isSecure() ? "http" : "https";
        closing(handshake(server).origin(origin(server)).connect());
        closing(handshake(server).connect());
        for (String origin : List.of(
                "null",
                other + "://127.0.0.1:" + server.port(),
                scheme + "://127.0.0.1",
                scheme + "://127.0.0.1:" + (server.port() % 65535 + 1),
                scheme + "://127.0.0.1.evil.example:" + server.port(),
                scheme + "://evil.example",
                origin(server) + "/",
                origin(server) + "0",
                scheme + "://user@127.0.0.1:" + server.port())) {
            assertEquals(403, handshake(server).origin(origin).awaitReply().status(), origin);
        }
    }

    @Test
    void aListOfOriginsIsExact() {
        Manager manager = start(settings -> settings.upgrader(Upgrader.defaults()
                .withOriginRule(OriginRule.of(List.of("https://a.example", "http://b.example:8080")))));
        WebSocketServer server = serve(manager);
        closing(handshake(server).origin("https://a.example").connect());
        closing(handshake(server).origin("http://b.example:8080").connect());
        assertEquals(
                403,
                handshake(server).origin("https://a.example.evil").awaitReply().status());
        assertEquals(403, handshake(server).origin(origin(server)).awaitReply().status());
    }

    @Test
    void anyOriginAndOwnRulesAreOneCall() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        manager.setCustomUpgrader(Upgrader.defaults().withOriginRule(OriginRule.anyOrigin()));
        closing(handshake(server).origin("http://evil.example").connect());
        manager.setCustomUpgrader(Upgrader.defaults()
                .withOriginRule(request -> request.header("X-Pass").isPresent()));
        assertEquals(403, handshake(server).awaitReply().status());
        closing(handshake(server).header("X-Pass", "yes").connect());
        manager.setCustomUpgrader(Upgrader.defaults().withOriginRule(request -> {
            throw new IllegalStateException("on purpose");
        }));
        assertEquals(500, handshake(server).awaitReply().status());
    }

    @Test
    void theServersFirstSubprotocolThatIsOfferedIsAgreed() {
        Manager manager =
                start(settings -> settings.upgrader(Upgrader.defaults().withSubprotocols("tank.v2", "chat")));
        WebSocketServer server = serve(manager);
        TestClient ann = closing(TestClient.to(server, "/ws?user_id=ann")
                .header("Sec-WebSocket-Protocol", "unknown, chat, tank.v2")
                .connect());
        assertEquals(Optional.of("tank.v2"), ann.subprotocol());
        assertEquals(Optional.of("tank.v2"), find(manager, "ann").subprotocol());
        TestClient carl = closing(TestClient.to(server, "/ws?user_id=carl")
                .header("Sec-WebSocket-Protocol", "unknown")
                .header("Sec-WebSocket-Protocol", "chat")
                .connect());
        assertEquals(Optional.of("chat"), carl.subprotocol());
        TestClient bob = closing(TestClient.to(server, "/ws?user_id=bob")
                .header("Sec-WebSocket-Protocol", "unknown")
                .connect());
        assertEquals(Optional.empty(), bob.subprotocol());
        assertEquals(Optional.empty(), find(manager, "bob").subprotocol());
    }

    @Test
    void buffersOfTheUpgraderCarryLargerMessages() {
        Manager manager = start();
        manager.setCustomUpgrader(Upgrader.defaults().withReadBufferSize(256).withWriteBufferSize(256));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        String large = "0123456789".repeat(1000);
        ann.sendText(large);
        bob.awaitText(large);
    }

    @Test
    void compressionIsOffUnlessItIsTurnedOn() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = closing(TestClient.to(server, "/ws?user_id=ann")
                .header("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
                .connect());
        assertEquals(Optional.empty(), ann.reply().header("Sec-WebSocket-Extensions"));
        find(manager, "ann").send("plain");
        ann.awaitText("plain");
    }

    @Test
    void aRouteMayRefuseByItself() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        server.handle("/guarded", handshake -> {
            if (handshake.request().header("X-Pass").isPresent()) {
                manager.handleConnection(handshake);
            } else {
                handshake.refuse(new Refusal(418, "not for you", Map.of("X-Why", "no pass")));
            }
        });
        HttpReply reply = TestClient.to(server, "/guarded").awaitReply();
        assertEquals(418, reply.status());
        assertEquals(Optional.of("no pass"), reply.header("X-Why"));
        assertEquals("not for you", reply.body().strip());
        closing(TestClient.to(server, "/guarded").header("X-Pass", "yes").connect());
    }

    @Test
    void aRouteThatHangsGetsA503AndDelaysNoOtherPath() {
        KeptThread code = new KeptThread(KeptThread.Kind.WAITS);
        Manager manager = start();
        WebSocketServer server = closing(fixture()
                .server()
                .port(0)
                .limits(serverLimits(limits ->
                        limits.callbackThreads(1).maxAbandonedCalls(2).authenticationTimeout(Duration.ofMillis(500))))
                .handle("/ws", manager::handleConnection)
                .handle("/direct", manager)
                .handle("/hanging", handshake -> {
                    code.keep();
                    manager.handleConnection(handshake);
                })
                .start());
        closing(code);
        for (int i = 1; i <= 2; i++) {
            assertEquals(503, TestClient.to(server, "/hanging").awaitReply().status());
            assertEquals(i, code.kept());
            awaitAccepted(server, "/ws");
            awaitAccepted(server, "/direct");
        }
        Await.until(
                "a refusal because of abandoned calls",
                () -> TestClient.to(server, "/hanging").awaitReply().body().contains("do not end"));
        awaitAccepted(server, "/ws");
        code.close();
        Await.until(
                "a path that works again",
                () -> TestClient.to(server, "/hanging").awaitReply().status() == 101);
    }

    /** On a slow machine, a handler that does not hang may exceed its time too, but not at every attempt. */
    private static void awaitAccepted(WebSocketServer server, String path) {
        Await.until(
                "a client on " + path,
                () -> TestClient.to(server, path).awaitReply().status() == 101);
    }

    @Test
    void aRouteThatThrowsIsAServerError() {
        WebSocketServer server = serve(start());
        server.handle("/broken", handshake -> {
            throw new IllegalStateException("on purpose");
        });
        assertEquals(500, TestClient.to(server, "/broken").awaitReply().status());
        connect(server, "ann");
    }
}
