package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.Limits;
import io.tankws.Manager;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.Fault.End;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.Footprint;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole life of a connection, cut once at every byte in either direction: the server goes on as if nothing had been. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CutTest {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final byte[] MASK = {1, 2, 3, 4};

    private final Manager manager = TankWs.builder()
            .limits(Limits.builder().eventBuffer(100_000).build())
            .build()
            .start();
    private final RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
    private WebSocketServer server;

    private void serve(String transport) {
        server = TankWs.serve(transport)
                .port(0)
                .limits(Limits.builder()
                        .handshakeTimeout(Duration.ofMillis(300))
                        .build())
                .handle("/ws", manager::handleConnection)
                .start();
    }

    @AfterEach
    void end() {
        manager.shutdown(Duration.ZERO);
        server.stop(Duration.ZERO);
    }

    private static void frame(ByteArrayOutputStream out, int opcode, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        out.write(0x80 | opcode);
        out.write(0x80 | payload.length);
        out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ MASK[i & 3]);
        }
    }

    /** All that a client sends, from its handshake to its close frame. */
    private static byte[] life() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head = """
                GET /ws?user_id=cut HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """;
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        frame(out, 1, "sub:t");
        frame(out, 1, "a text");
        frame(out, 2, "some bytes");
        frame(out, 9, "ping");
        frame(out, 8, "\u0003\u00e8");
        return out.toByteArray();
    }

    /** Lives it through the proxy and reads whatever comes until the end; returns how many bytes came. */
    private static int live(FaultProxy proxy, boolean stays) throws IOException {
        try (Socket socket =
                new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
            socket.setSoTimeout(stays ? 50 : 10_000);
            socket.getOutputStream().write(life());
            return socket.getInputStream().readAllBytes().length;
        } catch (IOException e) {
            // A reset, as ordered, or nothing.
            return 0;
        }
    }

    /** Two new clients are served as any two are. */
    private void servesAFreshPair(String fault) {
        long start = System.nanoTime();
        try (TestClient ann = TestClient.connect(server, "/ws?user_id=ann");
                TestClient bob = TestClient.connect(server, "/ws?user_id=bob")) {
            ann.awaitText("Hello, ann! Welcome to WebSocket server.");
            bob.awaitText("Hello, bob! Welcome to WebSocket server.");
            bob.sendText("sub:pair");
            Await.until("the subscription", () -> manager.getTopicSubscriberCount("pair") == 1);
            manager.broadcastTopicMessage("pair", "x");
            bob.awaitText("{\"topic\":\"pair\",\"data\":\"x\"}");
            ann.sendText("to all");
            String text;
            do {
                // What the other life has relayed may come before.
                text = bob.awaitText();
            } while (!text.equals("to all"));
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(taken.compareTo(SOON) < 0, () -> fault + ": a fresh pair waited " + taken);
        Await.until("no client after " + fault, () -> manager.getClientCount() == 0);
        assertEquals(0, manager.getAllTopics().size(), fault);
    }

    private void assertNothingIsLeft(Footprint before) {
        Await.until("nothing to wait", () -> manager.statistics().messagesWaiting() == 0);
        Statistics statistics = manager.statistics();
        assertEquals(
                statistics.messagesOffered(),
                statistics.messagesSent() + statistics.messagesDropped() + statistics.messagesUndelivered());
        assertEquals(0, statistics.eventsLost());
        assertEquals(statistics.connectionsOpened(), statistics.connectionsClosed());
        Await.until("all events", () -> count(ConnectionEvent.Type.DISCONNECT) == statistics.connectionsClosed());
        assertEquals(statistics.connectionsOpened(), count(ConnectionEvent.Type.CONNECT));
        List<String> ids = events.items().stream()
                .map(event -> event.client().id())
                .distinct()
                .toList();
        assertEquals(statistics.connectionsOpened(), ids.size());
        before.awaitReturn(16 * 1024 * 1024, Duration.ofSeconds(30));
    }

    private long count(ConnectionEvent.Type type) {
        return events.items().stream().filter(event -> event.type() == type).count();
    }

    /** Everything is loaded and every pool as large as it gets. */
    private Footprint warmedUp() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (FaultProxy proxy = new FaultProxy(server.address())) {
                assertTrue(live(proxy, false) > 129, "a life without a fault");
            }
            servesAFreshPair("no fault");
        }
        return Footprint.settled(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "jetty,CLOSE",
        "jetty,RESET",
        "jetty,HALF_CLOSE",
        "java-websocket,CLOSE",
        "java-websocket,RESET",
        "java-websocket,HALF_CLOSE"
    })
    void whatAClientSendsIsCutAtEveryByte(String transport, End end) throws IOException {
        serve(transport);
        Footprint before = warmedUp();
        for (int k = 0; k <= life().length; k++) {
            try (FaultProxy proxy = new FaultProxy(server.address()).upstream(Fault.after(k, end))) {
                live(proxy, false);
                servesAFreshPair(end + " after byte " + k);
            }
        }
        assertNothingIsLeft(before);
    }

    @ParameterizedTest
    @CsvSource({"jetty,CLOSE", "jetty,RESET", "java-websocket,CLOSE", "java-websocket,RESET"})
    void whatTheServerSendsIsCutAtEveryByte(String transport, End end) throws IOException {
        serve(transport);
        Footprint before = warmedUp();
        int all;
        try (FaultProxy proxy = new FaultProxy(server.address())) {
            all = live(proxy, false);
        }
        for (int k = 0; k <= all; k++) {
            try (FaultProxy proxy = new FaultProxy(server.address()).downstream(Fault.after(k, end))) {
                live(proxy, false);
                servesAFreshPair(end + " after byte " + k + " of the answer");
            }
        }
        assertNothingIsLeft(before);
    }

    @ParameterizedTest
    @CsvSource({"jetty", "java-websocket"})
    void aPeerThatFallsSilentIsLetGoWhereverItStopped(String transport) throws IOException {
        serve(transport);
        manager.enableHeartbeat(Duration.ofMillis(50), Duration.ofMillis(100));
        Footprint before = warmedUp();
        int length = life().length;
        for (int k = 0; k <= length; k += 11) {
            try (FaultProxy proxy = new FaultProxy(server.address()).upstream(Fault.after(k, End.BLACK_HOLE))) {
                live(proxy, true);
                servesAFreshPair("silence after byte " + k);
            }
        }
        assertNothingIsLeft(before);
    }

    /** Faults that do not end a connection, in both directions at once. */
    @ParameterizedTest
    @CsvSource({"jetty", "java-websocket"})
    void aSlowNetworkLosesNothing(String transport) {
        serve(transport);
        for (Fault fault :
                List.of(Fault.slices(1), Fault.rate(64 * 1024), Fault.delay(Duration.ofMillis(20)), Fault.none())) {
            try (FaultProxy proxy =
                            new FaultProxy(server.address()).upstream(fault).downstream(fault);
                    TestClient ann =
                            TestClient.to(server, "/ws?user_id=ann").via(proxy).connect();
                    TestClient bob = TestClient.connect(server, "/ws?user_id=bob")) {
                ann.awaitText("Hello, ann! Welcome to WebSocket server.");
                bob.awaitText("Hello, bob! Welcome to WebSocket server.");
                ann.sendText("sub:t");
                Await.until("the subscription", () -> manager.getTopicSubscriberCount("t") == 1);
                for (int i = 0; i < 20; i++) {
                    manager.broadcastTopicMessage("t", "m" + i);
                    ann.sendText("n" + i);
                }
                for (int i = 0; i < 20; i++) {
                    ann.awaitText("{\"topic\":\"t\",\"data\":\"m" + i + "\"}");
                    bob.awaitText("n" + i);
                }
                ann.sendClose(new CloseStatus(4000, "bye"));
                assertEquals(4000, ann.awaitClose().code());
            }
            Await.until("no client", () -> manager.getClientCount() == 0);
        }
    }

    /** While messages are on their way to it, a client meets a fault; its neighbour gets all, in order. */
    @ParameterizedTest
    @CsvSource({"jetty", "java-websocket"})
    void aFaultUnderABroadcastHarmsNoNeighbour(String transport) {
        serve(transport);
        manager.enableHeartbeat(Duration.ofMillis(100), Duration.ofMillis(200));
        TestClient bob = TestClient.connect(server, "/ws?user_id=bob");
        bob.awaitText("Hello, bob! Welcome to WebSocket server.");
        int sent = 0;
        for (long seed = 1; seed <= 60; seed++) {
            Fault upstream = Fault.random(seed, 50);
            Fault downstream = Fault.random(seed + 1000, 5000);
            try (FaultProxy proxy = new FaultProxy(server.address())) {
                TestClient ann =
                        TestClient.to(server, "/ws?user_id=ann").via(proxy).connect();
                Await.until("ann", () -> manager.getClientCount() == 2);
                proxy.upstream(upstream).downstream(downstream);
                for (int i = 0; i < 50; i++) {
                    manager.broadcastMessage(sent++ + "x".repeat(100));
                }
                if (upstream.end() == End.NONE && downstream.end() == End.NONE) {
                    ann.disconnect();
                }
                String faults = "seed " + seed + ", " + upstream + ", " + downstream;
                for (int i = sent - 50; i < sent; i++) {
                    String text = bob.awaitText();
                    assertEquals(i + "x".repeat(100), text, faults);
                }
                ann.disconnect();
                Await.until("ann to be gone, " + faults, () -> manager.getClientCount() == 1);
            }
        }
        bob.close();
    }
}
