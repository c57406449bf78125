package io.tankws.testkit.contract;

import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.ServerLimits;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** The base class of the contract. It closes managers, servers and clients after each test. */
abstract class ContractTestBase {
    private final ContractFixture fixture;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    ContractTestBase(ContractFixture fixture) {
        this.fixture = fixture;
    }

    @AfterEach
    final void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    final <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    final ContractFixture fixture() {
        return fixture;
    }

    /** A running manager that says nothing of its own accord, so that tests see what they caused. */
    final Manager start(Consumer<Manager.Builder> settings) {
        Manager.Builder builder = fixture.manager().greeting("").farewell("");
        settings.accept(builder);
        Manager manager = builder.build().start();
        // Not close: a test that has left clients behind should not wait for them.
        closing(() -> manager.shutdown(Duration.ZERO));
        return manager;
    }

    final Manager start() {
        return start(settings -> {});
    }

    final WebSocketServer serve(Manager manager) {
        return serve(manager, ServerLimits.defaults());
    }

    final WebSocketServer serve(Manager manager, ServerLimits limits) {
        return closing(
                fixture.server().port(0).limits(limits).handle("/ws", manager).start());
    }

    final TestClient connect(WebSocketServer server, String userId) {
        return closing(TestClient.connect(server, "/ws?user_id=" + userId));
    }

    /** Connects and waits until the manager has it: the handshake's answer comes a moment earlier. */
    final TestClient connect(Manager manager, WebSocketServer server, String userId) {
        TestClient client = connect(server, userId);
        find(manager, userId);
        return client;
    }

    final Client find(Manager manager, String userId) {
        Await.until(
                "the client " + userId,
                () -> manager.clients().stream()
                        .anyMatch(client -> client.userId().equals(userId)));
        return manager.clients().stream()
                .filter(client -> client.userId().equals(userId))
                .findFirst()
                .orElseThrow();
    }

    /** Connects, subscribes, and waits until both have happened. */
    final TestClient subscriber(Manager manager, WebSocketServer server, String userId, String topic) {
        TestClient client = connect(manager, server, userId);
        client.sendText("sub:" + topic);
        Client connected = find(manager, userId);
        Await.until(
                "the subscription of " + userId,
                () -> connected.subscriptions().stream()
                        .anyMatch(subscription -> subscription.topic().equals(topic)));
        return client;
    }

    static ClientLimits clientLimits(Consumer<ClientLimits.Builder> changes) {
        ClientLimits.Builder builder = ClientLimits.builder();
        changes.accept(builder);
        return builder.build();
    }

    static ManagerLimits managerLimits(Consumer<ManagerLimits.Builder> changes) {
        ManagerLimits.Builder builder = ManagerLimits.builder();
        changes.accept(builder);
        return builder.build();
    }

    static ServerLimits serverLimits(Consumer<ServerLimits.Builder> changes) {
        ServerLimits.Builder builder = ServerLimits.builder();
        changes.accept(builder);
        return builder.build();
    }
}
