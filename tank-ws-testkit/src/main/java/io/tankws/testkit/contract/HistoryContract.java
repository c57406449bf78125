package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.Manager;
import io.tankws.Payload;
import io.tankws.PublishOptions;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Topics with a history: positions, recovery, last value, and the options of a publication. */
abstract class HistoryContract extends ContractTestBase {
    private static final TopicOptions RECOVERABLE =
            TopicOptions.builder().historySize(100).recoverable().build();
    private static final TopicOptions LAST_VALUE =
            TopicOptions.builder().historySize(1).lastValue().build();

    HistoryContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager remembering() {
        return start(builder -> builder.topicConfigurer(topic -> switch (topic) {
            case "news" -> RECOVERABLE;
            case "small" -> TopicOptions.builder().historySize(3).recoverable().build();
            case "price" -> LAST_VALUE;
            case "broken" -> throw new IllegalStateException("no options");
            default -> TopicOptions.NONE;
        }));
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static StreamPosition publish(Manager manager, String topic, String text) {
        return join(manager.publish(topic, Payload.text(text)));
    }

    private static String envelope(String topic, String data) {
        return "{\"topic\":\"" + topic + "\",\"data\":\"" + data + "\"}";
    }

    private static HistoryPage page(Manager manager, String topic, HistoryQuery query) {
        return join(manager.history(topic, query)).page();
    }

    @Test
    void publicationsOfATopicWithHistoryGetConsecutiveOffsets() {
        Manager manager = remembering();
        StreamPosition first = publish(manager, "news", "1");
        StreamPosition second = publish(manager, "news", "2");
        join(manager.broadcastTopicMessage("news", "3"));
        assertEquals(1, first.offset());
        assertEquals(new StreamPosition(first.epoch(), 2), second);
        HistoryPage page = page(manager, "news", HistoryQuery.since(first));
        assertEquals(
                List.of("2", "3"),
                page.publications().stream()
                        .map(publication -> publication.payload().asText())
                        .toList());
        assertEquals(new StreamPosition(first.epoch(), 3), page.top());
    }

    @Test
    void aTopicWithoutOptionsKeepsNothing() {
        Manager manager = remembering();
        assertEquals(StreamPosition.NONE, publish(manager, "other", "1"));
        CompletionException thrown =
                assertThrows(CompletionException.class, () -> join(manager.history("other", HistoryQuery.top())));
        assertInstanceOf(IllegalStateException.class, thrown.getCause());
    }

    @Test
    void aSubscriberReceivesEachKindOfPayloadInThePlainForm() {
        Manager manager = remembering();
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        join(manager.publish("news", Payload.text("a \"text\"")));
        join(manager.publish("news", Payload.json(" \"a string\"")));
        join(manager.publish("news", Payload.json("{\"n\":12345678901234567890}")));
        ann.awaitText("{\"topic\":\"news\",\"data\":\"a \\\"text\\\"\"}");
        ann.awaitText(envelope("news", "a string"));
        ann.awaitText("{\"topic\":\"news\",\"data\":\"{\\\"n\\\":12345678901234567890}\"}");
    }

    @Test
    void aBinaryPayloadIsKeptAndCountsAsADropForPlainClients() {
        Manager manager = remembering();
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        StreamPosition position = join(manager.publish("news", Payload.binary(new byte[] {1, 2})));
        join(manager.publish("other", Payload.binary(new byte[] {3})));
        publish(manager, "news", "after");
        ann.awaitText(envelope("news", "after"));
        assertEquals(1, position.offset());
        assertEquals(1, manager.statistics().drops().get(DropReason.NOT_REPRESENTABLE));
        HistoryPage page = page(manager, "news", HistoryQuery.builder().limit(1).build());
        assertEquals(
                ByteBuffer.wrap(new byte[] {1, 2}),
                page.publications().get(0).payload().bytes());
    }

    @Test
    void anExcludedClientGetsNothingAndTheOffsetCounts() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        TestClient ann = subscriber(manager, server, "ann", "news");
        TestClient bob = subscriber(manager, server, "bob", "news");
        PublishOptions options = PublishOptions.builder()
                .excludedClientId(find(manager, "ann").id())
                .build();
        assertEquals(
                1, join(manager.publish("news", Payload.text("1"), options)).offset());
        assertEquals(2, publish(manager, "news", "2").offset());
        ann.awaitText(envelope("news", "2"));
        bob.awaitText(envelope("news", "1"));
        bob.awaitText(envelope("news", "2"));
    }

    @Test
    void aRepeatedKeyPublishesOnce() {
        Manager manager = remembering();
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        PublishOptions options =
                PublishOptions.builder().idempotencyKey("order-7").build();
        StreamPosition first = join(manager.publish("news", Payload.text("once"), options));
        assertEquals(first, join(manager.publish("news", Payload.text("once"), options)));
        publish(manager, "news", "next");
        ann.awaitText(envelope("news", "once"));
        ann.awaitText(envelope("news", "next"));
    }

    @Test
    void aPublicationThatIsNotKeptHasNoOffset() {
        Manager manager = remembering();
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        StreamPosition position = join(manager.publish(
                "news", Payload.text("now"), PublishOptions.builder().notKept().build()));
        assertEquals(StreamPosition.NONE, position);
        assertEquals(1, publish(manager, "news", "kept").offset());
        ann.awaitText(envelope("news", "now"));
        ann.awaitText(envelope("news", "kept"));
    }

    @Test
    void aClientThatReturnsGetsExactlyWhatItMissed() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        StreamPosition seen = publish(manager, "news", "1");
        publish(manager, "news", "2");
        publish(manager, "news", "3");
        TestClient ann = connect(manager, server, "ann");
        Recovery recovery = join(find(manager, "ann").subscribe("news", seen));
        publish(manager, "news", "4");
        List.of("2", "3", "4").forEach(data -> ann.awaitText(envelope("news", data)));
        assertTrue(recovery.isComplete());
        assertEquals(2, recovery.publications());
        assertEquals(new StreamPosition(seen.epoch(), 3), recovery.position());
        assertEquals("news", recovery.subscription().topic());
    }

    @Test
    void aClientAtTheTopHasMissedNothing() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        StreamPosition seen = publish(manager, "news", "1");
        TestClient ann = connect(manager, server, "ann");
        Recovery recovery = join(find(manager, "ann").subscribe("news", seen));
        publish(manager, "news", "2");
        ann.awaitText(envelope("news", "2"));
        assertTrue(recovery.isComplete());
        assertEquals(0, recovery.publications());
    }

    @Test
    void aClientThatMissedTooMuchGetsNoneOfIt() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        StreamPosition seen = publish(manager, "small", "1");
        for (int i = 2; i <= 5; i++) {
            publish(manager, "small", Integer.toString(i));
        }
        TestClient ann = connect(manager, server, "ann");
        Recovery recovery = join(find(manager, "ann").subscribe("small", seen));
        publish(manager, "small", "6");
        ann.awaitText(envelope("small", "6"));
        assertFalse(recovery.isComplete());
        assertEquals(0, recovery.publications());
        assertEquals(5, recovery.position().offset());
    }

    @Test
    void aPositionOfAnotherLifeOrBeyondTheTopRecoversNothing() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        StreamPosition top = publish(manager, "news", "1");
        TestClient ann = connect(manager, server, "ann");
        Client client = find(manager, "ann");
        for (StreamPosition unknown : List.of(new StreamPosition("another", 0), new StreamPosition(top.epoch(), 2))) {
            assertFalse(join(client.subscribe("news", unknown)).isComplete());
            assertInstanceOf(UnknownPosition.class, join(manager.history("news", HistoryQuery.since(unknown))));
            assertTrue(client.unsubscribe("news"));
        }
        manager.broadcastMessage("end");
        ann.awaitText("end");
    }

    @Test
    void aRecoveryThatDoesNotFitIntoTheOutboxIsNotPartial() {
        Manager manager = start(builder -> builder.topicConfigurer(topic -> RECOVERABLE)
                .clientLimits(clientLimits(limits -> limits.outboxMessages(4))));
        WebSocketServer server = serve(manager);
        StreamPosition seen = publish(manager, "news", "0");
        for (int i = 1; i <= 5; i++) {
            publish(manager, "news", Integer.toString(i));
        }
        TestClient ann = connect(manager, server, "ann");
        Client client = find(manager, "ann");
        assertFalse(join(client.subscribe("news", seen)).isComplete());
        assertTrue(client.unsubscribe("news"));
        StreamPosition later = new StreamPosition(seen.epoch(), 2);
        assertEquals(4, join(client.subscribe("news", later)).publications());
        List.of("2", "3", "4", "5").forEach(data -> ann.awaitText(envelope("news", data)));
    }

    @Test
    void recoveryIsRefusedWhereItHasNoMeaning() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann");
        Client client = find(manager, "ann");
        StreamPosition start = new StreamPosition(StreamPosition.UNKNOWN_EPOCH, 0);
        assertRefused(client.subscribe("other", start));
        assertRefused(client.subscribe("price", start));
        join(client.subscribe("news", start));
        assertRefused(client.subscribe("news", start));
        assertThrows(IllegalArgumentException.class, () -> client.subscribe("", start));
    }

    private static void assertRefused(CompletionStage<Recovery> stage) {
        CompletionException thrown = assertThrows(CompletionException.class, () -> join(stage));
        assertInstanceOf(IllegalStateException.class, thrown.getCause());
    }

    @Test
    void aNewSubscriberGetsTheLastValue() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        TestClient early = subscriber(manager, server, "early", "price");
        publish(manager, "price", "1");
        publish(manager, "price", "2");
        TestClient late = subscriber(manager, server, "late", "price");
        publish(manager, "price", "3");
        List.of("1", "2", "3").forEach(data -> early.awaitText(envelope("price", data)));
        List.of("2", "3").forEach(data -> late.awaitText(envelope("price", data)));
    }

    @Test
    void aHistoryOutlivesItsLastSubscriber() {
        Manager manager = remembering();
        WebSocketServer server = serve(manager);
        TestClient ann = subscriber(manager, server, "ann", "news");
        StreamPosition first = publish(manager, "news", "1");
        ann.awaitText(envelope("news", "1"));
        ann.close();
        Await.until("the end of the client", () -> manager.getClientCount() == 0);
        assertEquals(new StreamPosition(first.epoch(), 2), publish(manager, "news", "2"));
        assertEquals(List.of(), List.copyOf(manager.getAllTopics()));
    }

    @Test
    void aRemovedHistoryKeepsItsPosition() {
        Manager manager = remembering();
        StreamPosition first = publish(manager, "news", "1");
        join(manager.removeHistory("news"));
        HistoryPage page = page(manager, "news", HistoryQuery.builder().build());
        assertEquals(List.of(), page.publications());
        assertEquals(first, page.top());
    }

    @Test
    void aConfigurerThatThrowsDeniesTheSubscriptionOfAClient() {
        Manager manager = remembering();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:broken");
        errors.await("the denial", event -> event.code() == ErrorCode.AUTHORIZATION_FAILED);
        assertThrows(IllegalStateException.class, () -> manager.publish("broken", Payload.text("1")));
        ann.sendText("sub:news");
        Await.until("the next subscription", () -> manager.getTopicSubscriberCount("news") == 1);
    }

    /** Clients unsubscribe and recover while publications arrive. Each client receives each number exactly once. */
    @Test
    void nothingIsMissedOrRepeatedWhileClientsRecoverInAStorm() throws Exception {
        int rounds = 300;
        Manager manager = start(builder -> builder.topicConfigurer(topic ->
                TopicOptions.builder().historySize(100_000).recoverable().build()));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        Client client = find(manager, "ann");
        AtomicBoolean storming = new AtomicBoolean(true);
        AtomicLong published = new AtomicLong();
        StreamPosition position =
                join(client.subscribe("news", new StreamPosition("", 0))).position();
        String epoch = position.epoch();
        Thread storm = new Thread(() -> {
            while (storming.get()) {
                publish(manager, "news", Long.toString(published.incrementAndGet()));
                LockSupport.parkNanos(20_000);
            }
        });
        storm.start();
        long expected = 1;
        try {
            for (int round = 0; round < rounds; round++) {
                ann.awaitText(envelope("news", Long.toString(expected++)));
                assertTrue(client.unsubscribe("news"));
                // The marker follows everything that the subscription has queued.
                assertTrue(client.send("marker"));
                String next = ann.awaitText();
                while (!next.equals("marker")) {
                    assertEquals(envelope("news", Long.toString(expected++)), next);
                    next = ann.awaitText();
                }
                Recovery recovery = join(client.subscribe("news", new StreamPosition(epoch, expected - 1)));
                assertTrue(recovery.isComplete());
                assertTrue(recovery.position().offset() >= expected - 1, recovery::toString);
            }
        } finally {
            storming.set(false);
            storm.join();
        }
        List<String> rest = new ArrayList<>();
        while (expected <= published.get()) {
            rest.add(ann.awaitText());
            assertEquals(envelope("news", Long.toString(expected++)), rest.get(rest.size() - 1));
        }
    }
}
