package io.tankws.transport.javawebsocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.ServerLimits;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.TransportHandshake;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HandshakeTest extends Fixture {
    private final CompletableFuture<TransportHandshake> pending = new CompletableFuture<>();

    @Override
    ServerLimits limits() {
        return ServerLimits.builder()
                .handshakeBytes(1024)
                .handshakeTimeout(Duration.ofMillis(500))
                .build();
    }

    private void waiting() {
        handling(handshake -> pending.complete((TransportHandshake) handshake));
    }

    private TransportHandshake handshake() throws Exception {
        return pending.get(10, TimeUnit.SECONDS);
    }

    @Test
    void acceptedRequestGetsTheKeyAnsweredAndNoExtension() throws Exception {
        accepting();
        try (RawClient client =
                client().send(RawClient.request(PATH, "Sec-WebSocket-Extensions: permessage-deflate"))) {
            String head = client.readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertTrue(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), head);
            assertFalse(head.contains("Extensions"), head);
            assertFalse(head.contains("Sec-WebSocket-Protocol"), head);
            recorder.expect("open");
        }
    }

    @Test
    void agreedSubprotocolIsAnswered() throws Exception {
        waiting();
        try (RawClient client = client().send(RawClient.request(PATH, "Sec-WebSocket-Protocol: a, tank.v2"))) {
            assertEquals(List.of("a", "tank.v2"), handshake().request().offeredSubprotocols());
            handshake()
                    .accept(
                            AcceptOptions.builder()
                                    .subprotocol("tank.v2")
                                    .maxMessageBytes(1000)
                                    .maxFragments(10)
                                    .build(),
                            recorder);
            assertTrue(client.readHead().contains("\r\nSec-WebSocket-Protocol: tank.v2\r\n"));
        }
    }

    @Test
    void requestIsHandedOverAsItCame() throws Exception {
        waiting();
        try (RawClient client = client().send(
                        "PUT http://localhost:1/ws?user_id=%C3%A4&x=${y} HTTP/1.0\r\nA: 1\r\na:\t2 \r\nEmpty:\r\n\r\n")) {
            HandshakeRequest request = handshake().request();
            assertEquals("PUT", request.method());
            assertEquals("/ws", request.path());
            assertEquals("\u00e4", request.queryParameter("user_id").orElseThrow());
            assertEquals("${y}", request.queryParameter("x").orElseThrow());
            assertEquals(List.of("1", "2"), request.headers().get("A"));
            assertEquals("", request.header("empty").orElseThrow());
            assertEquals(client.socket.getLocalSocketAddress(), request.remoteAddress());
            assertTrue(request.violation().isPresent());
        }
    }

    @Test
    void reportsHttp10() throws Exception {
        waiting();
        try (RawClient client = client().send(RawClient.request(PATH).replace("HTTP/1.1", "HTTP/1.0"))) {
            handshake().refuse(handshake().request().violation().orElseThrow());
            assertTrue(client.readAll().startsWith("HTTP/1.1 400 "));
        }
    }

    @Test
    void decisionMayComeLateFromAnotherThreadAndEarlyFramesAreKept() throws Exception {
        waiting();
        try (RawClient client = client().send(RawClient.request(PATH))) {
            handshake();
            client.sendText("early").sendText("bird");
            handshake().accept(acceptance(), recorder);
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            client.sendText("late");
            recorder.expect("open", "text early", "text bird", "text late");
        }
    }

    @Test
    void framesInOnePieceWithTheRequestAreDecodedAfterTheUpgrade() throws Exception {
        accepting();
        String frame =
                new String(RawClient.frame(0x81, "eager".getBytes()), java.nio.charset.StandardCharsets.ISO_8859_1);
        try (RawClient client = client().send(RawClient.request(PATH) + frame)) {
            client.readHead();
            client.sendText("next");
            recorder.expect("open", "text eager", "text next");
        }
    }

    @Test
    void acceptAfterThePeerVanishedFails() throws Exception {
        waiting();
        RawClient client = client().send(RawClient.request(PATH));
        TransportHandshake handshake = handshake();
        client.close();
        Listeners.awaitNoPeers(transport);
        handshake.accept(acceptance(), recorder);
        recorder.expect("openFailed");
        assertEquals(0, recorder.events.size());
    }

    @Test
    void refusalAfterThePeerVanishedDoesNothing() throws Exception {
        waiting();
        RawClient client = client().send(RawClient.request(PATH));
        TransportHandshake handshake = handshake();
        client.close();
        Listeners.awaitNoPeers(transport);
        handshake.refuse(Refusal.unauthorized());
        assertThrows(IllegalStateException.class, () -> handshake.refuse(Refusal.unauthorized()));
    }

    @Test
    void handshakeIsDecidedOnce() throws Exception {
        waiting();
        try (RawClient client = client().send(RawClient.request(PATH))) {
            handshake().accept(acceptance(), recorder);
            assertThrows(IllegalStateException.class, () -> handshake().accept(acceptance(), recorder));
            assertThrows(IllegalStateException.class, () -> handshake().refuse(new Refusal(403, "no")));
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        }
    }

    @Test
    void invalidRequestCannotBeAcceptedButRefused() throws Exception {
        waiting();
        try (RawClient client = client().send("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n")) {
            assertThrows(IllegalStateException.class, () -> handshake().accept(acceptance(), recorder));
            handshake().refuse(handshake().request().violation().orElseThrow());
            String response = client.readAll();
            assertTrue(response.startsWith("HTTP/1.1 426 Upgrade Required\r\n"), response);
            assertTrue(response.contains("\r\nConnection: Upgrade, close\r\n"), response);
        }
    }

    @Test
    void refusalArrivesWholeAndTheSocketIsClosed() throws Exception {
        String reason = "r".repeat(50_000);
        handling(handshake -> handshake.refuse(new Refusal(401, reason, Map.of("WWW-Authenticate", "Basic"))));
        // Unread bytes must not turn the end into a reset.
        try (RawClient client = client().send(RawClient.request(PATH) + "x".repeat(100_000))) {
            String response = client.readAll();
            assertTrue(response.startsWith("HTTP/1.1 401 Unauthorized\r\n"));
            assertTrue(response.contains("\r\nWWW-Authenticate: Basic\r\n"));
            assertTrue(response.contains("\r\nContent-Length: 50000\r\nConnection: close\r\n\r\n"));
            assertTrue(response.endsWith("\r\n\r\n" + reason));
        }
        Listeners.awaitNoPeers(transport);
    }

    @Test
    void refusedPeerThatStaysIsDisconnected() throws Exception {
        handling(handshake -> handshake.refuse(new Refusal(403, "no")));
        try (RawClient client = client().send(RawClient.request(PATH))) {
            Listeners.awaitNoPeers(transport);
            assertTrue(client.readAll().endsWith("\r\n\r\nno"));
        }
    }

    @Test
    void handlerThatThrowsMakesA500() throws Exception {
        handling(handshake -> {
            throw new IllegalArgumentException("secret");
        });
        try (RawClient client = client().send(RawClient.request(PATH))) {
            String response = client.readAll();
            assertTrue(response.startsWith("HTTP/1.1 500 Internal Server Error\r\n"), response);
            assertFalse(response.contains("secret"), response);
        }
    }

    @Test
    void unknownPathIs404AndHandlersMayComeLater() throws Exception {
        accepting();
        for (String path : List.of("/", "/ws/", "/WS", "//ws", "/other?x=/ws")) {
            try (RawClient client = client().send(RawClient.request(path))) {
                assertTrue(client.readAll().startsWith("HTTP/1.1 404 Not Found\r\n"), path);
            }
        }
        transport.handle("/other", handshake -> handshake.refuse(new Refusal(410, "gone")));
        try (RawClient client = client().send(RawClient.request("/other?x=/ws"))) {
            assertTrue(client.readAll().startsWith("HTTP/1.1 410 Gone\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ws\r\n\r\n",
                "GET  /ws HTTP/1.1\r\n\r\n",
                "GET /w s HTTP/1.1\r\n\r\n",
                "G(T /ws HTTP/1.1\r\n\r\n",
                "GET /ws HTTP/1.1 \r\n\r\n",
                "GET /ws http/1.1\r\n\r\n",
                "GET /ws\u0000 HTTP/1.1\r\n\r\n",
                "GET /\u00e4 HTTP/1.1\r\n\r\n",
                "\r\n\r\nHost: x\r\n",
                "GET /ws HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET /ws HTTP/1.1\r\nHost\r\n\r\n",
                "GET /ws HTTP/1.1\r\n: x\r\n\r\n",
                "GET /ws HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
                "GET /ws HTTP/1.1\r\nA: b\u0001\r\n\r\n",
                "GET /ws HTTP/1.1\r\nH\u00e4: b\r\n\r\n",
                "GET /ws HTTP/1.1\nHost: x\n\n",
                "GET /ws HTTP/1.1\rHost: x\r\n\r\n"
            })
    void malformedHeadIs400(String head) throws Exception {
        accepting();
        try (RawClient client = client().send(head)) {
            String response = client.readAll();
            assertTrue(response.startsWith("HTTP/1.1 400 Bad Request\r\n"), response);
        }
    }

    @Test
    void longTargetsTakeNoStack() throws Exception {
        for (String path :
                List.of("/" + "%20".repeat(200_000), "/" + "a".repeat(600_000), "/" + "a/".repeat(300_000))) {
            String head = "GET " + path + " HTTP/1.1\r\nHost: a" + "%61".repeat(200_000);
            assertEquals(path, RequestHead.parse(head, new InetSocketAddress(0)).path());
        }
    }

    @Test
    void otherHttpVersionIs505() throws Exception {
        accepting();
        try (RawClient client = client().send("PRI * HTTP/2.0\r\n\r\n")) {
            assertTrue(client.readAll().startsWith("HTTP/1.1 505 "));
        }
    }

    @Test
    void validHandshakeWithABodyIs400() throws Exception {
        accepting();
        try (RawClient client = client().send(RawClient.request(PATH, "Content-Length: 3") + "abc")) {
            assertTrue(client.readAll().startsWith("HTTP/1.1 400 "));
        }
    }

    @Test
    void headAtTheLimitPassesAndOneByteMoreIs431() throws Exception {
        accepting();
        int rest = 1024 - RawClient.request(PATH, "X: ").length();
        try (RawClient client = client().send(RawClient.request(PATH, "X: " + "x".repeat(rest)))) {
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        }
        try (RawClient client = client().send(RawClient.request(PATH, "X: " + "x".repeat(rest + 1)))) {
            assertTrue(client.readAll().startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
        }
    }

    @Test
    void headWithoutEndIs431WhileThePeerContinues() throws Exception {
        accepting();
        try (RawClient client = client().send("GET /ws HTTP/1.1\r\nX: " + "x".repeat(200_000))) {
            assertTrue(client.readAll().startsWith("HTTP/1.1 431 "));
        }
    }

    @Test
    void headMayComeByteByByte() throws Exception {
        accepting();
        try (RawClient client = client()) {
            for (byte b : RawClient.request(PATH).getBytes()) {
                client.send(b);
            }
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        }
    }

    @Test
    void silentPeerIsDisconnected() throws Exception {
        accepting();
        try (RawClient client = client()) {
            assertEquals("", client.readAll());
        }
    }

    @Test
    void peerThatSendsItsHeadSlowlyIsDisconnected() throws Exception {
        accepting();
        try (RawClient client = client()) {
            CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
                try {
                    client.awaitEnd();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            client.send("GET /ws HTTP/1.1\r\nX: ");
            int dripped = 0;
            while (!ended.isDone() && dripped < 900) {
                try {
                    ended.get(20, TimeUnit.MILLISECONDS);
                } catch (java.util.concurrent.TimeoutException e) {
                    dripped++;
                    client.send("x");
                } catch (java.util.concurrent.ExecutionException e) {
                    throw new AssertionError(e);
                }
            }
            assertTrue(ended.isDone(), "still there after " + dripped + " bytes");
        } catch (java.net.SocketException e) {
            // The connection ended while this thread sent.
        }
        Listeners.awaitNoPeers(transport);
    }

    @Test
    void slowDecisionIsNotEndedByTheTimeoutOfTheHead() throws Exception {
        waiting();
        try (RawClient client = client().send(RawClient.request(PATH));
                RawClient silent = client()) {
            // The silent client is disconnected at the timeout of the head. The other one is older and stays.
            assertEquals("", silent.readAll());
            handshake().accept(acceptance(), recorder);
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        }
    }
}
