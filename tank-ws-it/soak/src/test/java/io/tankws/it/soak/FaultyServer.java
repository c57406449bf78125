package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.ConnectionEvent.Connected;
import io.tankws.ConnectionEvent.Disconnected;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.ServerLimits;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestHandshake;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** An echo server with short timeouts, and the checks of it after each fault. */
final class FaultyServer implements AutoCloseable {
    /**
     * Number of attempts of a fresh pair. On a slow machine, the short timeouts may disconnect a pair that has done
     * nothing wrong.
     */
    private static final int MAX_ATTEMPTS = 5;

    private static final ServerLimits OF_SERVER =
            ServerLimits.builder().handshakeTimeout(Duration.ofSeconds(1)).build();
    private static final ManagerLimits OF_MANAGER =
            ManagerLimits.builder().eventBuffer(100_000).build();
    private static final ClientLimits OF_CLIENTS = ClientLimits.builder()
            .closeTimeout(Duration.ofSeconds(2))
            .writeTimeout(Duration.ofSeconds(2))
            .build();

    private final Manager manager;
    private final WebSocketServer server;
    private final RecordingSubscriber<ConnectionEvent> events;
    private final RecordingSubscriber<ErrorEvent> errors;
    private final AtomicInteger pairs = new AtomicInteger();

    FaultyServer(String transport) {
        manager = TankWs.builder()
                .limits(OF_MANAGER)
                .clientLimits(OF_CLIENTS)
                .messageHandler((client, message) -> client.send(message))
                .build()
                .start();
        manager.enableHeartbeat(Duration.ofMillis(200), Duration.ofSeconds(1));
        events = RecordingSubscriber.of(manager.connectionEvents());
        errors = RecordingSubscriber.of(manager.errors());
        server = TankWs.serve(transport)
                .port(0)
                .limits(OF_SERVER)
                .handle("/ws", manager::handleConnection)
                .start();
    }

    Manager manager() {
        return manager;
    }

    InetSocketAddress address() {
        return server.address();
    }

    void awaitError(ErrorCode code, String userId) {
        errors.await(
                code + " of " + userId,
                error -> error.code() == code
                        && error.client().orElseThrow().userId().equals(userId));
    }

    TestHandshake to(String userId) {
        return TestClient.to(server, "/ws?user_id=" + userId);
    }

    TestHandshake to(FaultProxy proxy, String userId) {
        return to(userId).via(proxy);
    }

    /** Checks that two clients can connect, subscribe, receive published and echoed messages, and disconnect. */
    void serveAFreshPair(String after) {
        for (int attempt = 1; ; attempt++) {
            try {
                serveOnce();
                return;
            } catch (AssertionError | RuntimeException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new AssertionError("no fresh pair is served after " + after, e);
                }
            }
        }
    }

    private void serveOnce() {
        String topic = "fresh-" + pairs.getAndIncrement();
        try (TestClient ann = TestClient.connect(server, "/ws?user_id=ann");
                TestClient bob = TestClient.connect(server, "/ws?user_id=bob")) {
            for (TestClient each : List.of(ann, bob)) {
                each.sendText("sub:" + topic);
                each.sendText("mine");
            }
            ann.awaitText(greeting("ann"));
            bob.awaitText(greeting("bob"));
            // The server answers a message after an earlier subscription.
            ann.awaitText("mine");
            bob.awaitText("mine");
            manager.broadcastTopicMessage(topic, "news");
            for (TestClient each : List.of(ann, bob)) {
                each.awaitText("{\"topic\":\"" + topic + "\",\"data\":\"news\"}");
                each.sendClose(CloseStatus.NORMAL);
            }
            assertEquals(1000, ann.awaitClose().code());
            assertEquals(1000, bob.awaitClose().code());
        }
    }

    void awaitNoClient(String after) {
        Await.until("no client is connected after " + after, () -> {
            Statistics now = manager.statistics();
            return manager.clients().isEmpty()
                    && manager.getAllTopics().isEmpty()
                    && now.connectionsOpened() == now.connectionsClosed();
        });
    }

    /** Returns the events of a user in order, one list for each connection. */
    List<List<ConnectionEvent>> lives(String userId) {
        Map<String, List<ConnectionEvent>> lives = events.items().stream()
                .filter(event -> event.userId().equals(userId))
                .collect(Collectors.groupingBy(event -> event.client().id()));
        return List.copyOf(lives.values());
    }

    static String greeting(String userId) {
        return "Hello, " + userId + "! Welcome to WebSocket server.";
    }

    /** Waits until a user is disconnected and returns the status code. */
    int awaitDisconnect(String userId) {
        ConnectionEvent end = events.await(
                "the disconnect of " + userId,
                event -> event instanceof ConnectionEvent.Disconnected
                        && event.userId().equals(userId));
        return ((ConnectionEvent.Disconnected) end).status().code();
    }

    void awaitEvent(Class<? extends ConnectionEvent> type, String userId) {
        events.await(
                type.getSimpleName() + " of " + userId,
                event -> type.isInstance(event) && event.userId().equals(userId));
    }

    /** Checks that every connection began and ended once and that every message is accounted for. */
    void assertAccounts() {
        awaitNoClient("all");
        long ended = manager.statistics().connectionsClosed();
        Await.until("all events", () -> count(Disconnected.class) >= ended);
        Map<String, List<Class<?>>> lives = events.items().stream()
                .collect(Collectors.groupingBy(
                        event -> event.client().id(), Collectors.mapping(Object::getClass, Collectors.toList())));
        lives.forEach((id, life) -> {
            assertEquals(Connected.class, life.get(0), () -> id + ": " + life);
            assertEquals(Disconnected.class, life.get(life.size() - 1), () -> id + ": " + life);
            assertEquals(1, life.stream().filter(Connected.class::equals).count(), () -> id + ": " + life);
            assertEquals(1, life.stream().filter(Disconnected.class::equals).count(), () -> id + ": " + life);
        });
        Await.until("nothing waits", () -> manager.statistics().messagesQueued() == 0);
        Statistics sums = manager.statistics();
        assertEquals(ended, lives.size());
        assertEquals(0, sums.eventsLost());
        assertEquals(0, sums.clients());
        assertEquals(0, sums.topics());
        assertEquals(Set.of(), manager.getAllTopics());
        assertEquals(
                sums.messagesOffered() + sums.messagesRecovered(),
                sums.messagesSent() + sums.messagesDropped() + sums.messagesUndelivered());
    }

    private long count(Class<? extends ConnectionEvent> type) {
        return events.items().stream().filter(event -> type.isInstance(event)).count();
    }

    @Override
    public void close() {
        server.close();
        manager.shutdown(Duration.ZERO);
    }
}
