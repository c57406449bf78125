package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Handshake;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.ServerLimits;
import io.tankws.spi.AcceptOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest extends TransportTestBase {
    private final BlockingQueue<Handshake> pending = new LinkedBlockingQueue<>();

    @Test
    void anotherThreadMayAcceptLater() throws Exception {
        InetSocketAddress address = start(pending::add);
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws"));
            Handshake handshake = pending.poll(10, TimeUnit.SECONDS);
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(() -> accept(handshake, PLAIN));
            String head = client.readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertTrue(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), head);
            assertFalse(head.contains("Sec-WebSocket-Extensions"), head);
            assertFalse(head.contains("Sec-WebSocket-Protocol"), head);
            assertFalse(head.contains("\r\nServer:"), head);
            client.send(RawClient.frame(0x81, "late"));
            assertEquals("text late", listener.message());
            listener.connection().write(List.of(text("answer")), failure -> {});
            assertEquals("answer", client.read().text());
        }
    }

    @Test
    void listenerIsNeverCalledByTheDecidingThread() throws Exception {
        InetSocketAddress address = start(pending::add);
        CompletableFuture<Thread> opener = new CompletableFuture<>();
        RecordingListener recording = new RecordingListener() {
            @Override
            public void onOpen(io.tankws.spi.Connection connection) {
                opener.complete(Thread.currentThread());
            }
        };
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws"));
            Handshake handshake = pending.poll(10, TimeUnit.SECONDS);
            ((io.tankws.spi.TransportHandshake) handshake).accept(PLAIN, recording);
            Thread thread = opener.get(10, TimeUnit.SECONDS);
            assertTrue(thread.getName().startsWith("tank-ws-jetty"), thread.getName());
        }
    }

    @Test
    void framesRightAfterTheHandshakeAreRead() throws Exception {
        InetSocketAddress address = start();
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws").getBytes(), RawClient.frame(0x81, "early"));
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            assertEquals("text early", listener.message());
            await(() -> listener.calls.contains("."));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void peerThatIsGoneWhenAcceptedFailsToOpen(boolean reset) throws Exception {
        InetSocketAddress address = start(pending::add);
        RawClient client = new RawClient(address);
        client.send(RawClient.upgrade("/ws"));
        Handshake handshake = pending.poll(10, TimeUnit.SECONDS);
        if (reset) {
            client.socket.setSoLinger(true, 0);
        }
        client.close();
        accept(handshake, PLAIN);
        listener.failed.get(10, TimeUnit.SECONDS);
        transport.close(Duration.ofSeconds(5));
        assertEquals(List.of("failed"), listener.calls);
    }

    @Test
    void framesSentBeforeTheDecisionAreRead() throws Exception {
        InetSocketAddress address = start(pending::add);
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws").getBytes(), RawClient.frame(0x81, "1"));
            Handshake handshake = pending.poll(10, TimeUnit.SECONDS);
            client.send(RawClient.frame(0x81, "2"), RawClient.frame(0x81, "3".repeat(5000)));
            accept(handshake, PLAIN);
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            client.send(RawClient.frame(0x81, "4"));
            assertEquals("text 1", listener.message());
            assertEquals("text 2", listener.message());
            assertEquals("text " + "3".repeat(5000), listener.message());
            assertEquals("text 4", listener.message());
        }
    }

    @Test
    void faultSentBeforeTheDecisionIsReported() throws Exception {
        InetSocketAddress address = start(pending::add);
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws").getBytes(), RawClient.header(0x82, 1 << 30));
            accept(pending.poll(10, TimeUnit.SECONDS), PLAIN);
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            assertEquals(1009, client.read().closeCode());
            assertEquals(1009, listener.closeStatus().code());
        }
    }

    @Test
    void peerThatSendsSlowlyAfterItsRefusalIsDisconnected() throws Exception {
        ServerLimits limits =
                ServerLimits.builder().handshakeTimeout(Duration.ofMillis(300)).build();
        InetSocketAddress address = start(handshake -> handshake.refuse(new Refusal(403, "no")), limits);
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws"));
            assertTrue(client.readAll().startsWith("HTTP/1.1 403 "));
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            assertThrows(IOException.class, () -> {
                while (System.nanoTime() < deadline) {
                    client.send("x");
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            });
        }
    }

    @Test
    void acceptAfterTheTransportClosedFails() throws Exception {
        InetSocketAddress address = start(pending::add);
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws"));
            Handshake handshake = pending.poll(10, TimeUnit.SECONDS);
            transport.close(Duration.ZERO);
            accept(handshake, PLAIN);
            listener.failed.get(10, TimeUnit.SECONDS);
            assertEquals(List.of("failed"), listener.calls);
        }
    }

    @Test
    void aHandshakeIsDecidedOnce() throws Exception {
        InetSocketAddress address = start(handshake -> {
            handshake.refuse(new Refusal(403, "no"));
            assertThrows(IllegalStateException.class, () -> handshake.refuse(new Refusal(403, "no")));
            assertThrows(IllegalStateException.class, () -> accept(handshake, PLAIN));
            pending.add(handshake);
        });
        exchange(address, RawClient.upgrade("/ws"));
        assertTrue(pending.poll(10, TimeUnit.SECONDS) != null);
    }

    @Test
    void refusalHasStatusReasonAndHeaders() throws Exception {
        InetSocketAddress address = start(
                handshake -> handshake.refuse(new Refusal(401, "who are you", Map.of("WWW-Authenticate", "Basic"))));
        String answer = exchange(address, RawClient.upgrade("/ws"));
        assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
        assertTrue(answer.contains("\r\nWWW-Authenticate: Basic\r\n"), answer);
        assertTrue(answer.toLowerCase().contains("\r\ncontent-type: text/plain"), answer);
        assertTrue(answer.endsWith("\r\n\r\nwho are you"), answer);
    }

    @Test
    void invalidHandshakeIsHandedOverButCannotBeAccepted() throws Exception {
        InetSocketAddress address = start(handshake -> {
            assertThrows(IllegalStateException.class, () -> accept(handshake, PLAIN));
            handshake.refuse(handshake.request().violation().orElseThrow());
        });
        String plain = exchange(address, "GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertTrue(plain.startsWith("HTTP/1.1 426 "), plain);
        assertTrue(plain.contains("\r\nUpgrade: websocket\r\n"), plain);
        assertTrue(plain.contains("\r\nSec-WebSocket-Version: 13\r\n"), plain);
        String badKey = RawClient.upgrade("/ws").replace("dGhlIHNhbXBsZSBub25jZQ==", "short");
        assertTrue(exchange(address, badKey).startsWith("HTTP/1.1 400 "));
        String post = RawClient.upgrade("/ws").replace("GET", "POST");
        assertTrue(exchange(address, post).startsWith("HTTP/1.1 405 "));
        String http10 = RawClient.upgrade("/ws").replace("HTTP/1.1", "HTTP/1.0");
        assertTrue(exchange(address, http10).matches("(?s)HTTP/1.1 (400|426) .*"));
    }

    @Test
    void handlerThatThrowsMeansA500() throws Exception {
        InetSocketAddress address = start(handshake -> {
            throw new AssertionError("on purpose");
        });
        String answer = exchange(address, RawClient.upgrade("/ws"));
        assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
        assertFalse(answer.contains("purpose"), answer);
    }

    @Test
    void otherPathsAreNotFound() throws Exception {
        InetSocketAddress address = start();
        for (String target : List.of("/", "/wss", "/ws/", "/ws;a=b", "/WS", "/ws/../x")) {
            String answer = exchange(address, RawClient.upgrade(target));
            String status = target.contains("..") ? "400" : "404";
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), target + " " + answer);
            assertFalse(answer.contains("etty"), answer);
        }
    }

    @Test
    void malformedRequestsAreTheClientsFault() throws Exception {
        InetSocketAddress address = start();
        for (String request : List.of(
                "nonsense\r\n\r\n",
                "GET /ws HTTP/1.1\r\n\r\n",
                "GET /ws HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            String answer = exchange(address, request);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), request + answer);
        }
    }

    @Test
    void oddQueriesAreAccepted() throws Exception {
        CompletableFuture<HandshakeRequest> seen = new CompletableFuture<>();
        InetSocketAddress address = start(handshake -> {
            seen.complete(handshake.request());
            accept(handshake, PLAIN);
        });
        String answer;
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws?user_id=${jndi:x}&a=b|c&q=\"<>^`{}"));
            answer = client.readHead();
        }
        assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
        HandshakeRequest request = seen.get(10, TimeUnit.SECONDS);
        assertEquals(Optional.of("${jndi:x}"), request.queryParameter("user_id"));
        assertEquals(Optional.of("b|c"), request.queryParameter("a"));
        assertEquals("/ws", request.path());
        assertEquals("127.0.0.1", request.remoteAddress().getAddress().getHostAddress());
    }

    @Test
    void largeHeadsAreRefused() throws Exception {
        InetSocketAddress address = start();
        String header = RawClient.upgrade("/ws", "X: " + "x".repeat(9000));
        assertTrue(exchange(address, header).startsWith("HTTP/1.1 431 "));
        String target = RawClient.upgrade("/ws?" + "x".repeat(9000));
        assertTrue(exchange(address, target).startsWith("HTTP/1.1 431 "));
        RawClient.open(address, "X: " + "x".repeat(7000)).close();
    }

    @Test
    void silentAndSlowPeersAreDisconnectedAndWaitingOnesAreNot() throws Exception {
        ServerLimits limits =
                ServerLimits.builder().handshakeTimeout(Duration.ofMillis(600)).build();
        InetSocketAddress address = start(pending::add, limits);
        long start = System.nanoTime();
        try (RawClient waiting = new RawClient(address);
                RawClient silent = new RawClient(address);
                RawClient dripping = new RawClient(address)) {
            waiting.send(RawClient.upgrade("/ws"));
            Handshake handshake = pending.poll(10, TimeUnit.SECONDS);
            CountDownLatch cut = new CountDownLatch(1);
            Thread drip = new Thread(() -> {
                try {
                    for (char c :
                            RawClient.upgrade("/ws", "X: " + "x".repeat(2000)).toCharArray()) {
                        dripping.send(String.valueOf(c));
                        TimeUnit.MILLISECONDS.sleep(10);
                    }
                } catch (Exception e) {
                    cut.countDown();
                }
            });
            drip.start();
            assertTrue(silent.isCut());
            assertTrue(cut.await(10, TimeUnit.SECONDS));
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis >= 600 && millis < 5000, "cut after " + millis + " ms");
            accept(handshake, PLAIN);
            assertTrue(waiting.readHead().startsWith("HTTP/1.1 101 "));
        }
    }

    @Test
    void subprotocolIsTheAcceptances() throws Exception {
        InetSocketAddress address = start(accepting(AcceptOptions.builder()
                .subprotocol("v2")
                .maxMessageBytes(1000)
                .maxFragments(16)
                .build()));
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.upgrade("/ws", "Sec-WebSocket-Protocol: v1, v2"));
            String head = client.readHead();
            assertTrue(head.contains("\r\nSec-WebSocket-Protocol: v2\r\n"), head);
        }
    }
}
