package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ConnectionEvent;
import io.tankws.ErrorEvent;
import io.tankws.HandshakeRequest;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.OriginRule;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** The Java lines of docs/migration-from-go.md. {@code DocumentCodeTest} checks that each of them is in this file. */
class MigrationTest extends GuideTest {
    private static boolean isValid(HandshakeRequest request) {
        return request.queryParameter("token").isPresent()
                && request.basicCredentials().isPresent();
    }

    private static boolean isAllowed(HandshakeRequest request) {
        return request.header("Origin").equals(Optional.of("https://allowed-domain.com"));
    }

    @Test
    void aServerStartsAndShutsDown() {
        Manager tank = TankWs.getSingleInstance();
        closing(tank);
        assertSame(tank, TankWs.getSingleInstance());
        int port = 0;
        WebSocketServer.Builder builder = TankWs.serve("jetty");
        builder.handle("/ws", tank);
        builder.host("0.0.0.0").port(port);
        WebSocketServer server = builder.start();
        tank.setServer(server);
        Thread hook = new Thread(tank::close);
        Runtime.getRuntime().addShutdownHook(hook);
        assertTrue(Runtime.getRuntime().removeShutdownHook(hook));
        assertTrue(tank.isRunning());
        tank.shutdown(Duration.ofSeconds(5));
        assertFalse(tank.isRunning());
        assertFalse(server.isRunning());
    }

    @Test
    void instancesAreIndependent() {
        Manager tank = TankWs.newInstance();
        closing(tank);
        Manager later = TankWs.builder().build();
        closing(later);
        assertFalse(later.isRunning());
        later.start();
        assertTrue(later.isRunning());
    }

    @Test
    void messagesReachClients() {
        Manager tank = closing(TankWs.newInstance());
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        TestClient bob = connect(server, "/ws?user_id=bob");
        Client excluded = tank.clients().get(0);
        TestClient ann = connect(server, "/ws?user_id=ann");
        ann.sendText("sub:news");
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("news") == 1);
        assertEquals(2, tank.getClientCount());
        assertEquals(Set.of("news"), tank.getAllTopics());
        byte[] bytes = {1, 2};
        tank.broadcastMessage(Message.text("hello"), excluded);
        tank.broadcastMessage("hello");
        tank.broadcastMessage(bytes);
        tank.broadcastTopicMessage("news", "hi");
        ann.awaitText("hello");
        ann.awaitText("hello");
        assertEquals(2, ann.awaitBinary().length);
        ann.awaitText("{\"topic\":\"news\",\"data\":\"hi\"}");
        bob.awaitText("hello");
        assertEquals(2, bob.awaitBinary().length);
        tank.enableHeartbeat(Duration.ofSeconds(30), Duration.ofSeconds(60));
        tank.disableHeartbeat();
        tank.enableDebug();
        tank.disableDebug();
        assertEquals(1, tank.closeClient("ann"));
        assertEquals(1000, ann.awaitClose().code());
    }

    @Test
    void requestsAreAuthenticated() {
        Manager tank = closing(TankWs.newInstance());
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        tank.enableAuth(request -> isValid(request));
        assertEquals(401, TestClient.to(server, "/ws?token=1").awaitReply().status());
        closing(TestClient.to(server, "/ws?token=1").basic("ann", "pass").connect());
        tank.disableAuth();
        connect(server, "/ws");
    }

    @Test
    void theUpgraderDecidesAboutOrigins() {
        Upgrader upgrader = Upgrader.defaults()
                .withReadBufferSize(4096)
                .withWriteBufferSize(4096)
                .withOriginRule(request -> isAllowed(request));
        TankWs.setCustomUpgrader(upgrader);
        Manager tank = closing(TankWs.newInstance());
        TankWs.setCustomUpgrader(Upgrader.defaults());
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        List<Integer> answers = new ArrayList<>();
        for (String origin : List.of("https://allowed-domain.com", "https://other.example")) {
            answers.add(TestClient.to(server, "/ws").origin(origin).awaitReply().status());
        }
        upgrader = upgrader.withOriginRule(OriginRule.of(List.of("https://allowed-domain.com")));
        tank.setCustomUpgrader(upgrader);
        answers.add(TestClient.to(server, "/ws")
                .origin("https://other.example")
                .awaitReply()
                .status());
        assertEquals(List.of(101, 403, 403), answers);
    }

    @Test
    void eventsReachSubscribers() {
        Manager tank = closing(TankWs.newInstance());
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        List<String> lines = new CopyOnWriteArrayList<>();
        Flow.Subscriber<ErrorEvent> errors =
                EventSubscriber.of(error -> lines.add(error.code().value() + " " + error.message()));
        Flow.Subscriber<ConnectionEvent> connections = EventSubscriber.of(event -> {
            if (event instanceof ConnectionEvent.Connected) {
                lines.add("Connected " + event.userId());
            } else if (event instanceof ConnectionEvent.Subscribed subscribed) {
                lines.add("Subscribed " + event.userId() + " " + subscribed.topic());
            }
        });
        tank.errors().subscribe(errors);
        tank.connectionEvents().subscribe(connections);
        TestClient ann = connect(server, "/ws?user_id=ann");
        ann.sendText("sub:news");
        Await.until("the subscription", () -> lines.size() == 2);
        ann.sendText("sub:");
        Await.until("the error", () -> lines.size() == 3);
        assertEquals(List.of("Connected ann", "Subscribed ann news"), lines.subList(0, 2));
        assertTrue(lines.get(2).startsWith("1008 "), lines::toString);
    }
}
