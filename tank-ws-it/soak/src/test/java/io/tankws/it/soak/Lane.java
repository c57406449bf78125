package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Limits;
import io.tankws.Manager;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;

/** A server whose clients are cut off one after the other, and what must be true of it after each. */
final class Lane {
    private static final Duration SOON = Duration.ofSeconds(2);

    final Manager manager = TankWs.builder()
            .limits(Limits.builder().eventBuffer(100_000).build())
            .build()
            .start();
    final WebSocketServer server;
    private final LifeCount lives = new LifeCount();

    Lane(String transport) {
        manager.connectionEvents().subscribe(lives);
        server = TankWs.serve(transport)
                .port(0)
                .limits(Limits.builder()
                        .handshakeTimeout(Duration.ofMillis(300))
                        .build())
                .handle("/ws", manager::handleConnection)
                .start();
    }

    void end() {
        manager.shutdown(Duration.ZERO);
        server.stop(Duration.ZERO);
    }

    /** Two new clients are served as any two are. */
    void servesAFreshPair(String fault) {
        long start = System.nanoTime();
        try (TestClient ann = TestClient.connect(server, "/ws?user_id=ann");
                TestClient bob = TestClient.connect(server, "/ws?user_id=bob")) {
            ann.awaitText("Hello, ann! Welcome to WebSocket server.");
            bob.awaitText("Hello, bob! Welcome to WebSocket server.");
            bob.sendText("sub:pair");
            Await.until("the subscription", () -> manager.getTopicSubscriberCount("pair") == 1);
            manager.broadcastTopicMessage("pair", "x");
            awaitAmongOthers(bob, "{\"topic\":\"pair\",\"data\":\"x\"}");
            ann.sendText("to all");
            awaitAmongOthers(bob, "to all");
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(taken.compareTo(SOON) < 0, () -> fault + ": a fresh pair waited " + taken);
        Await.until("no client after " + fault, () -> manager.getClientCount() == 0);
        assertEquals(0, manager.getAllTopics().size(), fault);
    }

    /** What the other life has relayed may come before. */
    private static void awaitAmongOthers(TestClient client, String expected) {
        String text;
        do {
            text = client.awaitText();
        } while (!text.equals(expected));
    }

    /** Nobody is, and nothing was lost from the counts and events. */
    void assertNothingIsLeft() {
        Await.until("nothing to wait", () -> manager.statistics().messagesWaiting() == 0);
        Statistics statistics = manager.statistics();
        assertEquals(
                statistics.messagesOffered(),
                statistics.messagesSent() + statistics.messagesDropped() + statistics.messagesUndelivered());
        assertEquals(0, statistics.eventsLost());
        assertEquals(statistics.connectionsOpened(), statistics.connectionsClosed());
        Await.until("all events", () -> lives.ended() == statistics.connectionsClosed());
        assertEquals(statistics.connectionsOpened(), lives.begun());
        assertEquals("", lives.violation());
    }
}
