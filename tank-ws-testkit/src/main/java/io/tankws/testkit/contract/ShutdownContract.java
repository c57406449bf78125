package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The end of a manager. */
abstract class ShutdownContract extends ContractTestBase {
    private static final Duration LONG = Duration.ofMinutes(10);

    ShutdownContract(ContractFixture fixture) {
        super(fixture);
    }

    private static CompletableFuture<Void> later(Runnable task) {
        return CompletableFuture.runAsync(task, each -> new Thread(each).start());
    }

    @Test
    void clientsGetTheFarewellAndAClose() {
        Manager manager = fixture().manager().greeting("").build().start();
        WebSocketServer server = serve(manager);
        List<TestClient> clients = List.of(connect(manager, server, "ann"), connect(manager, server, "bob"));
        manager.shutdown(LONG);
        for (TestClient client : clients) {
            client.awaitText("Server is shutting down");
            assertEquals(1001, client.awaitClose().code());
        }
        assertEquals(0, manager.getClientCount());
    }

    @Test
    void theFarewellCanBeSwitchedOff() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        manager.shutdown(Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals(1001, ann.awaitClose().code());
        assertEquals(0, ann.unread());
    }

    @Test
    void queuedMessagesLeaveFirst() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann").reading(false);
        int count = 500;
        String padding = "x".repeat(1000);
        IntStream.range(0, count).forEach(i -> manager.broadcastMessage(i + padding));
        CompletableFuture<Void> shutdown = later(() -> manager.shutdown(LONG));
        Await.until("the shutdown", () -> !manager.isRunning());
        ann.reading(true);
        IntStream.range(0, count).forEach(i -> ann.awaitText(i + padding));
        assertEquals(1001, ann.awaitClose().code());
        shutdown.join();
        assertEquals(count, manager.statistics().messagesSent());
    }

    @Test
    void newHandshakesGet503Meanwhile() {
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> limits.closeTimeout(LONG))));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann").answeringClose(false);
        CompletableFuture<Void> shutdown = later(() -> manager.shutdown(LONG));
        Await.until("the shutdown", () -> !manager.isRunning());
        assertEquals(503, TestClient.to(server, "/ws").awaitReply().status());
        assertFalse(shutdown.isDone());
        ann.disconnect();
        shutdown.join();
    }

    @Test
    void theDeadlineHoldsWithClientsThatNeverAnswerAndNeverRead() {
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> limits.closeTimeout(LONG))));
        WebSocketServer server = serve(manager);
        TestClient mute = connect(manager, server, "mute").answeringClose(false);
        TestClient stuck = connect(manager, server, "stuck").reading(false);
        String large = "x".repeat(60_000);
        IntStream.range(0, 10).forEach(i -> find(manager, "stuck").send(large));
        manager.shutdown(Duration.ofMillis(500));
        assertEquals(0, manager.getClientCount());
        assertEquals(1001, mute.awaitClose().code());
        stuck.disconnect();
    }

    @Test
    void theServerStopsTooAndItsPortIsFreeAtOnce() {
        for (int round = 0; round < 3; round++) {
            Manager manager = start();
            WebSocketServer server = serve(manager);
            manager.setServer(server);
            int port = server.port();
            connect(manager, server, "ann");
            manager.shutdown(LONG);
            assertFalse(server.isRunning());
            Manager next = start();
            WebSocketServer again = closing(fixture()
                    .server()
                    .port(port)
                    .handle("/ws", next::handleConnection)
                    .start());
            connect(next, again, "bob");
            again.close();
        }
    }

    @Test
    void aSecondCallWaitsForTheFirst() {
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> limits.closeTimeout(LONG))));
        TestClient ann = connect(manager, serve(manager), "ann").answeringClose(false);
        CompletableFuture<Void> first = later(() -> manager.shutdown(LONG));
        Await.until("the shutdown", () -> !manager.isRunning());
        CompletableFuture<Void> second = later(manager::close);
        assertEquals(1, manager.getClientCount());
        assertFalse(second.isDone());
        ann.disconnect();
        first.join();
        second.join();
        manager.close();
    }

    @Test
    void zeroCutsOffAtOnce() {
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> limits.closeTimeout(LONG))));
        TestClient ann = connect(manager, serve(manager), "ann").answeringClose(false);
        manager.shutdown(Duration.ZERO);
        assertEquals(0, manager.getClientCount());
        ann.awaitClose();
    }

    @Test
    void aHandlerMayShutItsOwnManagerDown() {
        Manager[] own = new Manager[1];
        own[0] = start(settings -> settings.messageHandler((client, message) -> own[0].shutdown(LONG)));
        TestClient ann = connect(own[0], serve(own[0]), "ann");
        ann.sendText("down");
        assertEquals(1001, ann.awaitClose().code());
    }
}
