package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tankws.ConnectionEvent;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.Fault.End;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestHandshake;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Frames and handshakes that arrive only in part, and connections with one ended direction. */
abstract class HalfFaults extends FaultTestBase {
    private static final int MESSAGES = 40;

    HalfFaults(String transport) {
        super(transport);
    }

    private TestClient subscriber(TestHandshake handshake, String user) {
        TestClient client = closing(handshake.connect());
        client.awaitText(FaultyServer.greeting(user));
        client.sendText("sub:t");
        server().awaitEvent(ConnectionEvent.Subscribed.class, user);
        return client;
    }

    private TestClient neighbour(String user) {
        return subscriber(server().to(user), user);
    }

    private static String text(int i) {
        return "{\"topic\":\"t\",\"data\":\"m" + (100 + i) + "\"}";
    }

    /** The connection of a client breaks at each byte of the first two frames. */
    private void broadcastThrough(String kind, boolean orderly, End end) {
        // Pings between the messages would shift the bytes.
        server().manager().disableHeartbeat();
        int answer = RawPeer.run(server().address(), RawPeer.user(0)).head();
        int frame = 2 + text(0).length();
        List<TestClient> neighbours = IntStream.range(0, 3)
                .mapToObj(i -> neighbour(kind + "-neighbour-" + i))
                .toList();
        List<TestClient> victims = new ArrayList<>();
        for (int k = 0; k <= 2 * frame; k++) {
            FaultProxy proxy = proxy();
            String user = kind + "-" + (100 + k);
            long before = answer + 2 + FaultyServer.greeting(user).length();
            victims.add(subscriber(server().to(proxy, user), user));
            proxy.downstream(Fault.after(before + k, end));
        }
        IntStream.range(0, MESSAGES).forEach(i -> server().manager().broadcastTopicMessage("t", "m" + (100 + i)));
        for (TestClient neighbour : neighbours) {
            IntStream.range(0, MESSAGES).forEach(i -> neighbour.awaitText(text(i)));
            assertEquals(0, neighbour.unread());
        }
        for (int k = 0; k < victims.size(); k++) {
            TestClient victim = victims.get(k);
            victim.awaitClose();
            int whole = k / frame;
            int got = victim.unread();
            // A reset may overtake earlier bytes.
            assertTrue(got == whole || got < whole && !orderly, kind + " at byte " + k + ": " + got + " messages");
            IntStream.range(0, got).forEach(i -> victim.awaitText(text(i)));
        }
        Await.until("the neighbours alone", () -> server().manager().getTopicSubscriberCount("t") == neighbours.size());
        neighbours.forEach(TestClient::disconnect);
        server().awaitNoClient(kind);
    }

    @Test
    void aBroadcastCutAtEveryByteReachesTheNeighboursWhole() {
        broadcastThrough("cut", true, End.CLOSE);
    }

    @Test
    void aBroadcastResetAtEveryByteReachesTheNeighboursWhole() {
        broadcastThrough("reset", false, End.RESET);
    }

    /** Sends bytes, ends its direction and waits until the server ends the other one. */
    private void assertLetGo(String user, boolean handshake, byte[] then) throws IOException {
        try (Socket socket =
                new Socket(server().address().getAddress(), server().address().getPort())) {
            socket.setSoTimeout((int) Await.timeout().toMillis());
            OutputStream out = socket.getOutputStream();
            if (handshake) {
                out.write(RawPeer.head(server().address(), user));
                server().awaitEvent(ConnectionEvent.Connected.class, user);
            }
            out.write(then);
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readAllBytes();
            assertTrue(!handshake || answer.length > 0, user);
        }
    }

    @Test
    void aClientThatHasEndedItsHalfIsLetGo() throws IOException {
        assertLetGo("after-close", true, RawPeer.frame(8, "\u0003\u00e8"));
        assertEquals(1000, server().awaitDisconnect("after-close"));
        assertLetGo("without-close", true, new byte[0]);
        assertEquals(1006, server().awaitDisconnect("without-close"));
        assertLetGo("within-frame", true, new byte[] {(byte) 0x81, (byte) 0x85, 1});
        assertEquals(1006, server().awaitDisconnect("within-frame"));
        assertLetGo("within-head", false, "GET /ws HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
        assertLetGo("nothing", false, new byte[0]);
        server().awaitNoClient("half closes");
    }

    @Test
    void silentHandshakesAreClosedWithoutAnEndFromTheClient() throws IOException {
        assumeTrue(Resources.REPORTED, "this system does not report its open descriptors");
        int count = 10;
        FaultProxy proxy = proxy().upstream(Fault.after(30, End.BLACK_HOLE)).downstream(Fault.after(0, End.BLACK_HOLE));
        for (int i = 0; i < count; i++) {
            Socket socket = closing(
                    new Socket(proxy.address().getAddress(), proxy.address().getPort()));
            socket.getOutputStream().write(RawPeer.head(proxy.address(), "silent"));
        }
        // The listener, and for each connection the client's socket and two of the proxy.
        int own = 1 + 3 * count;
        Await.until("all accepted", () -> warm().more() >= own + count);
        Await.until("the server's ends", () -> warm().more() <= own);
    }

    @Test
    void noMixOfFaultsLeavesATrace() throws Exception {
        long seed = Long.getLong("io.tankws.it.seed", System.nanoTime());
        int all = RawPeer.all(RawPeer.head(server().address(), RawPeer.user(0)).length);
        List<Callable<Void>> peers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            FaultProxy proxy =
                    proxy().upstream(Fault.random(seed + 2L * i, all)).downstream(Fault.random(seed + 2L * i + 1, all));
            String user = RawPeer.user(i);
            peers.add(() -> {
                RawPeer.run(proxy.address(), user, Duration.ofSeconds(2));
                return null;
            });
        }
        try {
            together(peers);
            server().assertAccounts();
            server().serveAFreshPair("random faults");
        } catch (AssertionError e) {
            throw new AssertionError("repeat it with -Dio.tankws.it.seed=" + seed, e);
        }
    }
}
