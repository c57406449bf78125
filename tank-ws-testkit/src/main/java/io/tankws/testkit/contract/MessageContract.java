package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BinaryRelay;
import io.tankws.CloseStatus;
import io.tankws.ClusterHealth;
import io.tankws.ClusterView;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Broadcasts, the relay, and the handler in its place. */
abstract class MessageContract extends ContractTestBase {
    private static final byte[] BYTES = {0, 1, (byte) 0x80, (byte) 0xFF};

    MessageContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void aBroadcastReachesAll() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        List<TestClient> clients = List.of(connect(manager, server, "ann"), connect(manager, server, "bob"));
        manager.broadcastMessage("text 🐢");
        manager.broadcastMessage(BYTES);
        manager.broadcastMessage(Message.text("message"));
        for (TestClient client : clients) {
            client.awaitText("text 🐢");
            assertArrayEquals(BYTES, client.awaitBinary());
            client.awaitText("message");
        }
    }

    @Test
    void aBroadcastCanLeaveOneOut() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        manager.broadcastMessage(Message.text("not for ann"), find(manager, "ann"));
        manager.broadcastMessage("end");
        ann.awaitText("end");
        bob.awaitText("not for ann");
        bob.awaitText("end");
    }

    @Test
    void aBroadcastToNobodyIsNoError() {
        Manager manager = start();
        manager.broadcastMessage("nobody");
        manager.broadcastTopicMessage("none", "nobody");
        assertEquals(0, manager.statistics().messagesOffered());
    }

    @Test
    void aTextThatUtf8CannotExpressIsRefusedAndReported() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        assertThrows(IllegalArgumentException.class, () -> manager.broadcastMessage("\uD83D"));
        assertEquals(
                ErrorCode.SERIALIZATION_FAILED,
                errors.await("the error", event -> true).code());
    }

    @Test
    void whatAClientSendsIsRelayedToAllOthers() {
        Manager manager = start(settings -> settings.binaryRelay(BinaryRelay.AS_BINARY));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        TestClient eve = connect(manager, server, "eve");
        ann.sendText("Grüße 🐢");
        ann.sendBinary(BYTES);
        ann.sendText("");
        ann.sendText("{\"type\":\"chat\"}");
        bob.awaitText("Grüße 🐢");
        eve.awaitText("Grüße 🐢");
        for (TestClient other : List.of(bob, eve)) {
            assertArrayEquals(BYTES, other.awaitBinary());
            other.awaitText("");
            other.awaitText("{\"type\":\"chat\"}");
        }
        bob.sendText("from bob");
        ann.awaitText("from bob");
        assertEquals(0, ann.unread());
    }

    @Test
    void heartbeatTextsAreSwallowed() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        ann.sendText("{\"type\":\"heartbeat\"}");
        ann.sendText("{\"at\":1, \"type\" : \"heartbeat\"}");
        ann.sendText("{\"type\":\"heartbeat\"");
        bob.awaitText("{\"type\":\"heartbeat\"");
    }

    @Test
    void relayedMessagesKeepTheirOrder() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        int count = 500;
        IntStream.range(0, count).forEach(i -> ann.sendText("m" + i));
        IntStream.range(0, count).forEach(i -> bob.awaitText("m" + i));
    }

    @Test
    void aHandlerReplacesTheRelay() {
        Manager manager = start(settings -> settings.messageHandler((client, message) -> {
            if (message instanceof Message.Text text) {
                client.send("echo " + text.text() + " of " + client.userId());
            } else {
                client.send(Message.binary(message.payload()));
            }
        }));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        ann.sendText("hi");
        ann.awaitText("echo hi of ann");
        ann.sendBinary(BYTES);
        assertArrayEquals(BYTES, ann.awaitBinary());
        ann.sendText("sub:news");
        ann.sendText("{\"type\":\"heartbeat\"}");
        ann.sendText("last");
        ann.awaitText("echo last of ann");
        assertEquals(1, manager.getTopicSubscriberCount("news"));
        assertEquals(0, bob.unread());
    }

    @Test
    void whatCameBeforeACloseIsAnsweredBeforeIt() {
        Manager manager = start(settings -> settings.messageHandler((client, message) -> client.send(message)));
        WebSocketServer server = serve(manager);
        for (int round = 0; round < 20; round++) {
            TestClient ann = connect(server, "ann");
            for (int i = 0; i < 10; i++) {
                ann.sendText("m" + i);
            }
            ann.sendClose(new CloseStatus(4000, "enough"));
            for (int i = 0; i < 10; i++) {
                ann.awaitText("m" + i);
            }
            assertEquals(4000, ann.awaitClose().code());
        }
        Await.until("nobody", () -> manager.getClientCount() == 0);
        assertEquals(0, manager.statistics().messagesUndelivered());
    }

    @Test
    void aHandlerThatHangsDoesNotHoldAPeersCloseForEver() {
        CountDownLatch release = new CountDownLatch(1);
        Manager manager = start(
                settings -> settings.clientLimits(clientLimits(limits -> limits.closeTimeout(Duration.ofMillis(200))))
                        .messageHandler((client, message) -> release.await()));
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("hang");
        ann.sendClose(CloseStatus.NORMAL);
        ann.awaitClose();
        Await.until("nobody", () -> manager.getClientCount() == 0);
        release.countDown();
    }

    @Test
    void whatCameBeforeABreachOfTheProtocolIsAnsweredFirst() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Manager manager = start(settings -> settings.messageHandler((client, message) -> {
            assertTrue(mayAnswer.await(10, TimeUnit.SECONDS));
            client.send(message);
        }));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("sound");
        ann.sendText("too");
        ann.sendFrame(3, true, new byte[0]);
        errors.await("the fault", error -> error.code() == ErrorCode.READ_FAILED);
        mayAnswer.countDown();
        ann.awaitText("sound");
        ann.awaitText("too");
        assertEquals(1002, ann.awaitClose().code());
        Await.until("nobody", () -> manager.getClientCount() == 0);
    }

    @Test
    void aHandlerGetsOneClientsMessagesInOrder() {
        Manager manager = start(settings -> settings.messageHandler((client, message) -> client.send(message)));
        TestClient ann = connect(manager, serve(manager), "ann");
        // More than an inbox holds, so that the socket is paused and read again.
        int count = 1000;
        IntStream.range(0, count).forEach(i -> ann.sendText("m" + i));
        IntStream.range(0, count).forEach(i -> ann.awaitText("m" + i));
    }

    @Test
    void largeMessagesArriveWhole() {
        int size = 300_000;
        Manager manager = start(settings -> settings.binaryRelay(BinaryRelay.AS_BINARY)
                .clientLimits(clientLimits(limits -> limits.maxMessageBytes(size))));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        for (int length : new int[] {125, 126, 65535, 65536, size}) {
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = (byte) (i * 31);
            }
            ann.sendBinary(payload);
            assertArrayEquals(payload, bob.awaitBinary());
        }
    }

    @Test
    void statisticsAddUp() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = subscriber(manager, server, "bob", "t");
        ann.sendText("one");
        bob.awaitText("one");
        manager.broadcastMessage("two");
        ann.awaitText("two");
        bob.awaitText("two");
        Await.until("all sent", () -> manager.statistics().messagesSent() == 3);
        var statistics = manager.statistics();
        assertEquals(2, statistics.clients());
        assertEquals(1, statistics.topics());
        assertEquals(Map.of("t", 1), manager.topicSubscriberCounts());
        assertEquals(2, statistics.connectionsOpened());
        assertEquals(0, statistics.connectionsClosed());
        assertEquals(2, statistics.messagesReceived());
        assertEquals(3, statistics.messagesOffered());
        assertEquals(0, statistics.messagesQueued());
        assertEquals(0, statistics.messagesDropped());
        assertEquals(0, statistics.messagesUndelivered());
    }

    @Test
    void aManagerWithoutAClusterShowsItsOwnNumbers() throws Exception {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        subscriber(manager, server, "ann", "t");
        connect(manager, server, "bob");
        ClusterView cluster = manager.cluster();
        assertSame(cluster, manager.cluster());
        assertEquals(ClusterHealth.Status.STANDALONE, cluster.health().status());
        assertTrue(cluster.health().isUp());
        assertEquals(2, cluster.clientCount().toCompletableFuture().get(1, TimeUnit.SECONDS));
        assertEquals(1, cluster.topicSubscriberCount("t").toCompletableFuture().get(1, TimeUnit.SECONDS));
        assertEquals(0, cluster.topicSubscriberCount("u").toCompletableFuture().get(1, TimeUnit.SECONDS));
    }
}
