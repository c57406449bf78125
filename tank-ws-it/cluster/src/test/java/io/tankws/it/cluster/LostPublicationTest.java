package io.tankws.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ClusterConfig;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.MissedMessages;
import io.tankws.Payload;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import io.tankws.transport.memory.InMemoryHub;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publications of topics with history that a node does not receive, on a backplane with injected faults. */
class LostPublicationTest {
    private static final String URI = "in-memory:lost";
    private static final String CHANNEL = "t:news";

    private final InMemoryHub hub = InMemoryHub.open(URI, "lost");
    private final Manager publisher = start();
    private final Manager deaf = start();
    private final WebSocketServer server =
            TankWs.serve("in-memory").port(0).handle("/ws", deaf).start();
    private final TestClient ann = TestClient.connect(server, "/ws?user_id=ann");
    private final RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(deaf.errors());

    private static Manager start() {
        Manager manager = TankWs.builder()
                .greeting("")
                .farewell("")
                .topicConfigurer(topic -> switch (topic) {
                    case "news" ->
                        TopicOptions.builder().historySize(1000).recoverable().build();
                    case "price" ->
                        TopicOptions.builder().historySize(1).lastValue().build();
                    default ->
                        TopicOptions.builder().historySize(2).recoverable().build();
                })
                .cluster(ClusterConfig.of("lost", URI))
                .build()
                .start();
        Await.until("the node", () -> manager.cluster().health().isUp());
        return manager;
    }

    @BeforeEach
    void subscribe() {
        Await.until("the client", () -> deaf.getClientCount() == 1);
        ann.sendText("sub:news");
        ann.sendText("sub:small");
        Await.until("the subscriptions", () -> deaf.getAllTopics().size() == 2);
        for (String topic : deaf.getAllTopics()) {
            // The publish of this node waits until it follows the topic.
            deaf.publish(topic, Payload.text("0")).toCompletableFuture().join();
            ann.awaitText(envelope(topic, "0"));
        }
    }

    @AfterEach
    void close() {
        publisher.close();
        deaf.close();
        server.close();
        hub.close();
    }

    private static String envelope(String topic, String data) {
        return "{\"topic\":\"" + topic + "\",\"data\":\"" + data + "\"}";
    }

    private String id() {
        return deaf.cluster().health().node();
    }

    private StreamPosition publish(String topic, int from, int to) {
        StreamPosition position = StreamPosition.NONE;
        for (int i = from; i <= to; i++) {
            position = publisher
                    .publish(topic, Payload.text("" + i))
                    .toCompletableFuture()
                    .join();
        }
        return position;
    }

    private void awaitNumbers(String topic, int from, int to) {
        IntStream.rangeClosed(from, to).forEach(i -> ann.awaitText(envelope(topic, "" + i)));
    }

    /** Waits for the report of a topic. A new epoch of all histories also causes reports of other topics. */
    private MissedMessages awaitReport(String topic) {
        ErrorEvent event =
                errors.await("the report", error -> error.code() == ErrorCode.MESSAGES_MISSED && isOf(topic, error));
        return assertInstanceOf(MissedMessages.class, event.details().orElseThrow());
    }

    private static boolean isOf(String topic, ErrorEvent error) {
        return error.details().orElseThrow() instanceof MissedMessages missed
                && missed.topic().equals(topic);
    }

    @Test
    void lostPublicationsAreReadFromTheHistoryInOrder() {
        publish("news", 1, 2);
        hub.lose(id(), CHANNEL, 3);
        publish("news", 3, 9);
        awaitNumbers("news", 1, 9);
        assertEquals(0, deaf.cluster().health().missed());
    }

    @Test
    void everyThirdOfManyPublicationsIsLost() {
        for (int i = 1; i <= 300; i += 3) {
            publish("news", i, i + 1);
            hub.lose(id(), CHANNEL, 1);
            publish("news", i + 2, i + 2);
        }
        publish("news", 301, 301);
        awaitNumbers("news", 1, 301);
        assertEquals(0, deaf.cluster().health().missed());
    }

    @Test
    void theLastPublicationsOfAnOutageAreReadAlthoughNothingFollows() {
        publish("news", 1, 2);
        awaitNumbers("news", 1, 2);
        hub.disconnect(id());
        Await.until("the outage", () -> !deaf.cluster().health().isUp());
        publish("news", 3, 9);
        hub.reconnect(id());
        awaitNumbers("news", 3, 9);
        assertEquals(0, deaf.cluster().health().missed());
    }

    @Test
    void lostPublicationsThatAreNoLongerKeptAreReported() {
        hub.lose(id(), "t:small", 5);
        publish("small", 1, 6);
        awaitNumbers("small", 5, 6);
        MissedMessages missed = awaitReport("small");
        assertEquals(4, missed.count());
        assertTrue(missed.exact());
        publish("small", 7, 7);
        awaitNumbers("small", 7, 7);
    }

    @Test
    void aSubscriptionOfAnotherProtocolEndsAtALoss() {
        try (WebSocketServer endings = TankWs.serve("in-memory")
                        .port(0)
                        .handle("/endings", deaf.endpoint(new EndingProtocol()))
                        .start();
                TestClient bob = TestClient.connect(endings, "/endings?user_id=bob")) {
            bob.sendText("small");
            bob.awaitText("subscribed");
            hub.lose(id(), "t:small", 1);
            publish("small", 1, 2);
            awaitNumbers("small", 1, 2);
            hub.lose(id(), "t:small", 5);
            publish("small", 3, 8);
            awaitNumbers("small", 7, 8);
            bob.awaitText("publication");
            bob.awaitText("publication");
            bob.awaitText("ended small INSUFFICIENT_STATE");
            assertEquals(1, deaf.getTopicSubscriberCount("small"));
        }
    }

    @Test
    void aNewEpochIsReportedAndDeliveryContinues() {
        publish("news", 1, 2);
        awaitNumbers("news", 1, 2);
        hub.removeHistories();
        publish("news", 3, 4);
        awaitNumbers("news", 3, 4);
        MissedMessages missed = awaitReport("news");
        assertFalse(missed.exact());
    }

    @Test
    void aNodeThatReturnsToANewEpochReportsItAlthoughNothingFollows() {
        hub.disconnect(id());
        Await.until("the outage", () -> !deaf.cluster().health().isUp());
        hub.removeHistories();
        StreamPosition top = publish("news", 1, 2);
        hub.reconnect(id());
        awaitReport("news");
        assertTrue(recover("news", top).isComplete());
    }

    /** The node of the client has not yet received what the client has received from another node. */
    @Test
    void aClientThatIsAheadOfItsNodeReceivesNothingTwice() {
        hub.lose(id(), CHANNEL, 3);
        StreamPosition seen = publish("news", 1, 3);
        Recovery recovery = recover("news", seen);
        assertTrue(recovery.isComplete(), recovery::toString);
        assertEquals(seen, recovery.position());
        publish("news", 4, 4);
        awaitNumbers("news", 4, 4);
    }

    /** Subscribes a client again while another client lets the node follow the topic. */
    private Recovery recover(String topic, StreamPosition since) {
        Client client = deaf.clients().get(0);
        try (TestClient keeper = TestClient.connect(server, "/ws?user_id=bob")) {
            Await.until("the client", () -> deaf.getClientCount() == 2);
            keeper.sendText("sub:" + topic);
            Await.until("the subscription", () -> deaf.getTopicSubscriberCount(topic) == 2);
            assertTrue(client.unsubscribe(topic));
            return client.subscribe(topic, since).toCompletableFuture().join();
        }
    }

    @Test
    void aClientCannotRecoverWhileTheBackplaneIsDown() {
        StreamPosition seen = publish("news", 1, 1);
        awaitNumbers("news", 1, 1);
        hub.disconnect(id());
        Await.until("the outage", () -> !deaf.cluster().health().isUp());
        Client client = deaf.clients().get(0);
        client.unsubscribe("news");
        publish("news", 2, 3);
        assertTrue(client.subscribe("news", seen)
                .handle((recovery, failure) -> failure != null)
                .toCompletableFuture()
                .join());
        assertEquals(0, deaf.getTopicSubscriberCount("news"));
        hub.reconnect(id());
        Await.until("the node", () -> deaf.cluster().health().isUp());
        assertTrue(client.subscribe("news", seen).toCompletableFuture().join().isComplete());
        awaitNumbers("news", 2, 3);
    }

    @Test
    void aSubscriptionDuringAnOutageContinuesWithoutItsLastValue() {
        publish("price", 1, 1);
        hub.disconnect(id());
        Await.until("the outage", () -> !deaf.cluster().health().isUp());
        ann.sendText("sub:price");
        errors.await("the missing value", error -> error.message().contains("last value"));
        assertEquals(1, deaf.getTopicSubscriberCount("price"));
        hub.reconnect(id());
        Await.until("the node", () -> deaf.cluster().health().isUp());
        deaf.publish("price", Payload.text("2")).toCompletableFuture().join();
        awaitNumbers("price", 2, 2);
    }
}
