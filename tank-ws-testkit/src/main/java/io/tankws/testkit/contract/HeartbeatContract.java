package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ConnectionEvent;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pings, and who is dropped for silence. */
abstract class HeartbeatContract extends ContractTestBase {
    private static final Duration INTERVAL = Duration.ofMillis(50);
    /** Long enough for a peer that answers at once on a busy machine. */
    private static final Duration PATIENT = Duration.ofSeconds(1);

    private static final Duration LONG = Duration.ofMinutes(1);

    HeartbeatContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void pingsComeAgainAndAgain() {
        Manager manager = start();
        manager.enableHeartbeat(INTERVAL, LONG);
        TestClient ann = connect(manager, serve(manager), "ann");
        IntStream.range(0, 3).forEach(i -> ann.awaitPing());
        assertEquals(1, manager.getClientCount());
    }

    @Test
    void aHeartbeatOfTheBuilderBeginsWithTheManager() {
        Manager manager = start(settings -> settings.heartbeat(INTERVAL, LONG));
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.awaitPing();
        manager.disableHeartbeat();
        assertThrows(
                IllegalArgumentException.class,
                () -> start(settings -> settings.heartbeat(Duration.ofMillis(9), LONG)));
    }

    @Test
    void whoStaysSilentIsDroppedAndReported() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
        manager.enableHeartbeat(INTERVAL, PATIENT);
        WebSocketServer server = serve(manager);
        TestClient silent = connect(server, "silent").answeringPings(false);
        TestClient alive = connect(server, "alive");
        silent.awaitClose();
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.HEARTBEAT_FAILED);
        assertEquals("silent", error.client().orElseThrow().userId());
        events.await(
                "the disconnect",
                event -> event instanceof ConnectionEvent.Disconnected
                        && event.userId().equals("silent"));
        assertTrue(errors.items().stream()
                .allMatch(event -> event.client().orElseThrow().userId().equals("silent")));
        manager.broadcastMessage("still here");
        alive.awaitText("still here");
    }

    @Test
    void aTimeoutShorterThanTheIntervalDropsNobodyWhoAnswers() {
        Manager manager = start();
        manager.enableHeartbeat(PATIENT.multipliedBy(2), PATIENT);
        TestClient ann = connect(manager, serve(manager), "ann");
        IntStream.range(0, 2).forEach(i -> ann.awaitPing());
        assertEquals(1, manager.getClientCount());
    }

    @Test
    void anythingReceivedIsASignOfLife() {
        Manager manager = start();
        manager.enableHeartbeat(INTERVAL, PATIENT);
        TestClient ann = connect(manager, serve(manager), "ann").answeringPings(false);
        // Forty pings are far more than the timeout; after each comes a sign of life that is no pong.
        for (int i = 0; i < 40; i++) {
            ann.awaitPing();
            if (i % 2 == 0) {
                ann.sendText("{\"type\":\"heartbeat\"}");
            } else {
                ann.sendFrame(2, false, new byte[1]);
                ann.sendFrame(0, true, new byte[1]);
            }
        }
        assertEquals(1, manager.getClientCount());
    }

    @Test
    void aDisabledHeartbeatNeitherPingsNorDrops() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        manager.enableHeartbeat(INTERVAL, Duration.ofMillis(100));
        manager.disableHeartbeat();
        TestClient silent = connect(manager, server, "silent").answeringPings(false);
        Manager beating = start();
        server.handle("/beating", beating::handleConnection);
        TestClient dropped =
                closing(TestClient.connect(server, "/beating?user_id=x")).answeringPings(false);
        // The other manager's heartbeat is the clock: it has dropped its silent client in the same time.
        beating.enableHeartbeat(INTERVAL, Duration.ofMillis(100));
        dropped.awaitClose();
        manager.broadcastMessage("still here");
        silent.awaitText("still here");
        assertEquals(List.of(), manager.statistics().errors().keySet().stream().toList());
    }

    @Test
    void itCanBeEnabledWhileClientsAreConnected() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        manager.enableHeartbeat(LONG, LONG);
        manager.enableHeartbeat(INTERVAL, LONG);
        ann.awaitPing();
    }

    @Test
    void aClientWhoseHandlerIsBusyIsNotDropped() {
        CountDownLatch release = new CountDownLatch(1);
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> limits.inboxMessages(1)))
                .messageHandler((client, message) -> release.await()));
        WebSocketServer server = serve(manager);
        Manager clock = start();
        server.handle("/clock", clock::handleConnection);
        TestClient busy = connect(manager, server, "busy").answeringPings(false);
        IntStream.range(0, 3).forEach(i -> busy.sendText("m" + i));
        Await.until("the messages", () -> manager.statistics().messagesReceived() > 0);
        manager.enableHeartbeat(INTERVAL, Duration.ofMillis(100));
        clock.enableHeartbeat(INTERVAL, Duration.ofMillis(100));
        closing(TestClient.connect(server, "/clock?user_id=x"))
                .answeringPings(false)
                .awaitClose();
        manager.disableHeartbeat();
        release.countDown();
        assertEquals(1, manager.getClientCount());
    }

    @Test
    void nonsensicalTimesAreRefused() {
        Manager manager = start();
        assertThrows(IllegalArgumentException.class, () -> manager.enableHeartbeat(Duration.ZERO, LONG));
        assertThrows(IllegalArgumentException.class, () -> manager.enableHeartbeat(LONG, Duration.ofMillis(-1)));
    }
}
