package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.UserLimitPolicy;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Connections that make room for newer ones of their user, and those that are closing. */
abstract class TakeoverContract extends ContractTestBase {
    private static final Duration LONG = Duration.ofMinutes(10);

    TakeoverContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager limited(UserLimitPolicy policy, Consumer<ClientLimits.Builder> changes) {
        return limited(policy, ManagerLimits.defaults(), changes);
    }

    private Manager limited(UserLimitPolicy policy, ManagerLimits ofManager, Consumer<ClientLimits.Builder> changes) {
        return start(settings ->
                settings.limits(ofManager).clientLimits(clientLimits(changes)).whenUserLimitIsReached(policy));
    }

    private Manager replacing(int limit) {
        return limited(
                UserLimitPolicy.CLOSE_OLDEST,
                limits -> limits.maxConnectionsPerUser(limit).closeTimeout(LONG));
    }

    private static int status(WebSocketServer server, String userId) {
        return TestClient.to(server, "/ws?user_id=" + userId).awaitReply().status();
    }

    private static long open(Manager manager) {
        return manager.clients().stream().filter(Client::isOpen).count();
    }

    /** Connects and waits until the manager has as many open connections. */
    private TestClient connect(Manager manager, WebSocketServer server, String userId, int open) {
        TestClient client = connect(server, userId);
        Await.until(open + " open connections", () -> open(manager) == open);
        return client;
    }

    @Test
    void theOldestConnectionOfAUserMakesRoom() {
        Manager manager = replacing(2);
        RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob", 1);
        TestClient first = connect(manager, server, "ann", 2);
        TestClient second = connect(manager, server, "ann", 3);
        TestClient third = connect(manager, server, "ann", 3);
        assertEquals(CloseStatus.REPLACED, first.awaitClose());
        Await.until("the end of the first", () -> manager.getClientCount() == 3);
        bob.sendText("hello");
        second.awaitText("hello");
        third.awaitText("hello");
        assertEquals(0, manager.statistics().handshakesRefused());
        ConnectionEvent end = events.await("a disconnect", event -> event instanceof ConnectionEvent.Disconnected);
        ConnectionEvent begin = events.await(
                "the first connect",
                event -> event instanceof ConnectionEvent.Connected
                        && event.userId().equals("ann"));
        assertEquals(begin.client().id(), end.client().id());
    }

    @Test
    void aReplacedClientIsHeardNoMore() {
        Manager manager = replacing(1);
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob", 1);
        TestClient old = connect(manager, server, "ann", 2).answeringClose(false);
        TestClient ann = connect(server, "ann");
        // It is closing since before the new one was accepted.
        old.sendText("still here");
        old.sendClose(CloseStatus.NORMAL);
        assertEquals(CloseStatus.REPLACED, old.awaitClose());
        Await.until("the end of the old one", () -> manager.getClientCount() == 2);
        ann.sendText("hello");
        bob.awaitText("hello");
    }

    @Test
    void noneOfManyReloadsIsRefused() {
        Manager manager = replacing(1);
        WebSocketServer server = serve(manager);
        TestClient page = connect(manager, server, "ann", 1);
        for (int i = 0; i < 100; i++) {
            // As a browser does: it says that it goes, and connects again without waiting.
            page.sendClose(CloseStatus.GOING_AWAY);
            TestClient next = TestClient.connect(server, "/ws?user_id=ann");
            page.close();
            page = next;
        }
        closing(page);
        assertEquals(0, manager.statistics().handshakesRefused());
        Await.until("the last page alone", () -> manager.getClientCount() == 1 && open(manager) == 1);
    }

    @Test
    void aConnectionThatDoesNotAnswerMakesRoomAtOnceAndIsBounded() {
        Manager manager = replacing(1);
        WebSocketServer server = serve(manager);
        List<TestClient> broken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            TestClient client = connect(manager, server, "ann", 1).answeringClose(false);
            broken.add(client.reading(false));
            int remaining = Math.min(i + 1, 2);
            // One connection is open and one is closing. All above that are disconnected long before the timeout.
            Await.until(remaining + " connections", () -> manager.getClientCount() == remaining);
        }
        assertEquals(0, manager.statistics().handshakesRefused());
        assertEquals(5, broken.size());
    }

    @Test
    void manyHandshakesAtOnceEndWithExactlyTheLimit() {
        Manager manager = replacing(3);
        WebSocketServer server = serve(manager);
        int count = 24;
        CyclicBarrier together = new CyclicBarrier(count);
        List<CompletableFuture<Optional<TestClient>>> connecting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connecting.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            together.await();
                            return Optional.of(TestClient.connect(server, "/ws?user_id=ann"));
                        } catch (UncheckedIOException e) {
                            // A connection that is replaced at once may be disconnected before its response has left.
                            return Optional.empty();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task).start()));
        }
        connecting.forEach(client -> client.join().ifPresent(this::closing));
        Await.until(
                "exactly the limit",
                () -> manager.statistics().connectionsOpened() == count && manager.getClientCount() == 3);
        assertEquals(3, open(manager));
        assertEquals(0, manager.statistics().handshakesRefused());
    }

    @Test
    void byDefaultTheNewConnectionIsRefused() {
        Manager manager =
                start(settings -> settings.clientLimits(clientLimits(limits -> limits.maxConnectionsPerUser(1))));
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann", 1);
        assertEquals(429, status(server, "ann"));
        assertTrue(find(manager, "ann").isOpen());
    }

    /** Closes all connections of a user, whose peers do not answer. */
    private static void closeWithoutAnswer(Manager manager, String userId) {
        assertTrue(manager.closeClient(userId) > 0);
    }

    @Test
    void closingConnectionsDoNotCountAgainstTheirUserUpToTheLimit() {
        Manager manager = limited(
                UserLimitPolicy.REFUSE,
                limits -> limits.maxConnectionsPerUser(1).closeTimeout(LONG));
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann", 1).answeringClose(false);
        closeWithoutAnswer(manager, "ann");
        TestClient second = connect(manager, server, "ann", 1).answeringClose(false);
        assertEquals(429, status(server, "ann"));
        closeWithoutAnswer(manager, "ann");
        assertEquals(429, status(server, "ann"));
        second.sendClose(CloseStatus.NORMAL);
        Await.until("the end of the second", () -> manager.getClientCount() == 1);
        connect(manager, server, "ann", 1);
    }

    @Test
    void closingConnectionsDoNotCountAgainstTheirAddressUpToTheLimit() {
        Manager manager = limited(
                UserLimitPolicy.REFUSE,
                managerLimits(limits -> limits.maxConnectionsPerAddress(1)),
                limits -> limits.closeTimeout(LONG));
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann", 1).answeringClose(false);
        closeWithoutAnswer(manager, "ann");
        TestClient bob = connect(manager, server, "bob", 1).answeringClose(false);
        assertEquals(429, status(server, "carl"));
        closeWithoutAnswer(manager, "bob");
        assertEquals(429, status(server, "carl"));
        bob.disconnect();
        Await.until("the end of bob", () -> manager.getClientCount() == 1);
        connect(manager, server, "carl", 1);
    }

    /** A reader that is too slow is closing, too, though its close frame cannot leave. */
    @Test
    void aClientThatReadsTooSlowlyKeepsNoPlace() {
        Manager manager = limited(
                UserLimitPolicy.REFUSE,
                limits -> limits.maxConnectionsPerUser(1).closeTimeout(LONG).writeTimeout(LONG));
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann", 1).reading(false);
        Client slow = find(manager, "ann");
        String padding = "x".repeat(60_000);
        Await.until("the client to be given up", () -> !slow.send(padding) && !slow.isOpen());
        connect(manager, server, "ann", 1);
        assertEquals(2, manager.getClientCount());
    }

    @Test
    void closingConnectionsCountAgainstTheWhole() {
        Manager manager = limited(
                UserLimitPolicy.CLOSE_OLDEST,
                managerLimits(limits -> limits.maxConnections(1)),
                limits -> limits.maxConnectionsPerUser(1).closeTimeout(LONG));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann", 1).answeringClose(false);
        closeWithoutAnswer(manager, "ann");
        assertEquals(503, status(server, "ann"));
        assertFalse(find(manager, "ann").isOpen());
        ann.disconnect();
        Await.until("the end of ann", () -> manager.getClientCount() == 0);
        connect(manager, server, "ann", 1);
    }
}
