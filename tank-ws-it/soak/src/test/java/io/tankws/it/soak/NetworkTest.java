package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.CloseStatus;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.Fault.End;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are slow, or break under a broadcast. */
class NetworkTest {
    private final List<Lane> lanes = new ArrayList<>();

    @AfterEach
    void end() {
        lanes.forEach(Lane::end);
    }

    /** Faults that do not end a connection, in both directions at once. */
    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void aSlowNetworkLosesNothing(String transport) {
        Lane lane = new Lane(transport);
        lanes.add(lane);
        Manager manager = lane.manager;
        WebSocketServer server = lane.server;
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
    @ValueSource(strings = {"jetty", "java-websocket"})
    void aFaultUnderABroadcastHarmsNoNeighbour(String transport) {
        Lane lane = new Lane(transport);
        lanes.add(lane);
        Manager manager = lane.manager;
        WebSocketServer server = lane.server;
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
