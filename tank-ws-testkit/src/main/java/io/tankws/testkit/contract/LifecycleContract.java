package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ListenException;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestHandshake;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Managers, servers, ports and paths. */
@SuppressWarnings("NullAway") // a null fails the test
abstract class LifecycleContract extends ContractTestBase {
    LifecycleContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void aManagerIsNotRunningBeforeItsStart() {
        Manager manager = closing(fixture().manager().build());
        assertFalse(manager.isRunning());
        TestHandshake handshake = TestClient.to(serve(manager), "/ws");
        assertEquals(503, handshake.awaitReply().status());
        manager.start();
        assertTrue(manager.isRunning());
        closing(handshake.connect());
    }

    @Test
    void startOnARunningManagerDoesNothing() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann");
        manager.start();
        assertTrue(manager.isRunning());
        assertEquals(1, manager.getClientCount());
    }

    @Test
    void aManagerThatWasShutDownDoesNotStartAgain() {
        Manager manager = start();
        manager.close();
        assertFalse(manager.isRunning());
        assertThrows(IllegalStateException.class, manager::start);
    }

    @Test
    void managersAreIndependentOnSeveralPathsOfOnePort() {
        Manager first = start();
        Manager second = start();
        WebSocketServer server = serve(first);
        server.handle("/other", second::handleConnection);
        TestClient ann = connect(first, server, "ann");
        TestClient bob = closing(TestClient.connect(server, "/other?user_id=bob"));
        find(second, "bob");
        first.broadcastMessage("to the first");
        second.broadcastMessage("to the second");
        ann.awaitText("to the first");
        bob.awaitText("to the second");
        assertEquals(1, first.getClientCount());
        assertEquals(1, second.getClientCount());
    }

    @Test
    void oneManagerStandsBehindTwoPorts() {
        Manager manager = start();
        WebSocketServer one = serve(manager);
        WebSocketServer two = serve(manager);
        assertNotEquals(one.port(), two.port());
        TestClient ann = connect(manager, one, "ann");
        TestClient bob = connect(manager, two, "bob");
        ann.sendText("across");
        bob.awaitText("across");
        assertEquals(2, manager.getClientCount());
    }

    @Test
    void aPathCanBeReplacedWhileTheServerRuns() {
        Manager before = start();
        Manager after = start();
        WebSocketServer server = serve(before);
        TestClient ann = connect(before, server, "ann");
        server.handle("/ws", after::handleConnection);
        connect(after, server, "bob");
        before.broadcastMessage("still here");
        ann.awaitText("still here");
        assertEquals(1, before.getClientCount());
    }

    @Test
    void portZeroIsAnyFreePort() {
        WebSocketServer server = serve(start());
        assertTrue(server.port() > 0);
        assertEquals(server.port(), server.address().getPort());
        assertTrue(server.isRunning());
    }

    @Test
    void aBusyPortIsAnExceptionThatNamesTheAddress() {
        WebSocketServer server = serve(start());
        WebSocketServer.Builder second = fixture().server().port(server.port());
        ListenException e = assertThrows(ListenException.class, second::start);
        assertTrue(e.getMessage().contains("127.0.0.1:" + server.port()), e.getMessage());
        connect(server, "ann");
    }

    @Test
    void anAddressOfNobodyIsAnExceptionThatNamesIt() {
        WebSocketServer.Builder builder =
                fixture().server().host("host.invalid").port(0);
        ListenException e = assertThrows(ListenException.class, builder::start);
        assertTrue(e.getMessage().contains("host.invalid"), e.getMessage());
    }

    @Test
    void pathsMustBePaths() {
        WebSocketServer server = serve(start());
        Manager manager = start();
        assertThrows(IllegalArgumentException.class, () -> server.handle("ws", manager::handleConnection));
        assertThrows(IllegalArgumentException.class, () -> server.handle("/ws?x", manager::handleConnection));
    }

    @Test
    void tryWithResourcesFreesThePort() {
        int port;
        try (Manager manager = fixture().manager().build().start();
                WebSocketServer server = fixture()
                        .server()
                        .port(0)
                        .handle("/ws", manager::handleConnection)
                        .start()) {
            port = server.port();
            TestClient client = connect(server, "ann");
            Await.until("the client", () -> manager.getClientCount() == 1);
            server.stop(Await.timeout());
            assertFalse(server.isRunning());
            assertEquals(1001, client.awaitClose().code());
        }
        closing(fixture().server().port(port).start());
    }

    @Test
    void aServerStopsWithAnyTimeoutAndTwice() {
        for (Duration timeout : new Duration[] {Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(-1)}) {
            Manager manager = start();
            WebSocketServer server = serve(manager);
            TestClient client = connect(manager, server, "ann");
            server.stop(timeout);
            server.stop(timeout);
            client.awaitClose();
            assertEquals(0, manager.getClientCount());
        }
    }

    @Test
    void namesItsThreadsAndLeavesNoneBehind() {
        // A thread belongs to the group of its creator, so other tests may run at the same time.
        ThreadGroup ours = new ThreadGroup("lifecycle");
        CompletableFuture<Void> life = CompletableFuture.runAsync(this::live, task -> new Thread(ours, task).start());
        Await.until("the life to end", life::isDone);
        life.join();
        Await.until(
                "the end of all threads but: " + named(ours), () -> named(ours).isEmpty());
    }

    private void live() {
        Manager manager = fixture().manager().name("tank-ws-contract").build().start();
        WebSocketServer server = serve(manager);
        manager.setServer(server);
        manager.enableAuth(request -> true);
        TestClient client = connect(manager, server, "ann");
        client.sendText("sub:news");
        Await.until("the subscription", () -> manager.getTopicSubscriberCount("news") == 1);
        ThreadGroup ours = Thread.currentThread().getThreadGroup();
        assertTrue(named(ours).stream().anyMatch(name -> name.startsWith("tank-ws-contract")), () -> "" + named(ours));
        manager.close();
        assertFalse(server.isRunning());
    }

    private static Set<String> named(ThreadGroup group) {
        Thread[] alive = new Thread[1000];
        return Arrays.stream(alive, 0, group.enumerate(alive))
                .map(Thread::getName)
                .filter(name -> name.startsWith("tank-ws") || name.startsWith("WebSocket") || name.startsWith("qtp"))
                .collect(Collectors.toSet());
    }
}
