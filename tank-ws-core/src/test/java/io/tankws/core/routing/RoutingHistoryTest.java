package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.HistoryQuery;
import io.tankws.OverflowPolicy;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The way of a publication with a history, and of the subscriptions that read it. */
class RoutingHistoryTest {
    private static final Payload BINARY = Payload.binary(new byte[] {1});

    private final FakeConnection first = new FakeConnection();
    private final FakeConnection second = new FakeConnection();
    private final ManagerContext context = ManagerContexts.newContext(topic -> switch (topic) {
        case "news" -> TopicOptions.builder().historySize(10).recoverable().build();
        case "price" -> TopicOptions.builder().historySize(5).lastValue().build();
        default -> TopicOptions.NONE;
    });
    private final ClientSession ann = ManagerContexts.open(context, "ann", first);
    private final ClientSession bob = ManagerContexts.open(context, "bob", second);

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private StreamPosition publish(String topic, Payload payload, PublishOptions options) {
        return join(context.distributor()
                .publish(Publication.builder(topic, payload).build(), options));
    }

    private StreamPosition publish(String topic, String text) {
        return publish(topic, Payload.text(text), PublishOptions.defaults());
    }

    private static String envelope(String topic, String data) {
        return "{\"topic\":\"" + topic + "\",\"data\":\"" + data + "\"}";
    }

    @Test
    void aTopicWithoutSubscribersIsGoneAfterThePublication() {
        assertEquals(1, publish("news", "1").offset());
        assertNull(context.topics.find("news"));
        ann.subscribe("news");
        assertEquals(2, publish("news", "2").offset());
        assertEquals(1, context.topics.subscriberCount("news"));
        assertEquals(List.of(envelope("news", "2")), first.written());
    }

    @Test
    void aTextOfTheSimpleMethodEntersTheHistory() {
        join(context.distributor().publish("news", "1"));
        join(context.distributor().publish("other", "1"));
        assertEquals(1, context.history().top("news").offset());
        assertEquals(0, context.history().top("other").offset());
    }

    @Test
    void anExcludedClientReceivesNothing() {
        PublishOptions options =
                PublishOptions.builder().excludedClientId(ann.id()).build();
        PublishOptions unknown = PublishOptions.builder().excludedClientId("c0").build();
        for (String topic : List.of("news", "other")) {
            ann.subscribe(topic);
            bob.subscribe(topic);
            publish(topic, Payload.text("1"), options);
            publish(topic, Payload.text("2"), unknown);
        }
        assertEquals(List.of(envelope("news", "2"), envelope("other", "2")), first.written());
        assertEquals(
                List.of(envelope("news", "1"), envelope("news", "2"), envelope("other", "1"), envelope("other", "2")),
                second.written());
    }

    @Test
    void aPublicationThatNoSubscriberCanReceiveCountsForEach() {
        ann.subscribe("news");
        bob.subscribe("news");
        ann.subscribe("other");
        assertEquals(1, publish("news", BINARY, PublishOptions.defaults()).offset());
        publish("other", BINARY, PublishOptions.defaults());
        publish("empty", BINARY, PublishOptions.defaults());
        assertEquals(3, context.counters.drops().get(DropReason.NOT_REPRESENTABLE));
        assertEquals(3, context.counters.offered.sum());
        assertEquals(List.of(), first.written());
        assertEquals(2, context.topics.subscriberCount("news"));
    }

    @Test
    void aRepeatedPublicationIsNotDelivered() {
        PublishOptions options = PublishOptions.builder().idempotencyKey("k").build();
        ann.subscribe("news");
        ann.subscribe("other");
        StreamPosition position = publish("news", Payload.text("1"), options);
        assertEquals(position, publish("news", Payload.text("1"), options));
        assertEquals(StreamPosition.NONE, publish("other", Payload.text("1"), options));
        publish("other", Payload.text("1"), options);
        publish("news", BINARY, options);
        assertEquals(List.of(envelope("news", "1"), envelope("other", "1")), first.written());
        assertNull(context.counters.drops().get(DropReason.NOT_REPRESENTABLE));
        assertEquals(2, context.counters.offered.sum());
    }

    @Test
    void recoversExactlyWhatFollowsThePosition() {
        StreamPosition seen = publish("news", "1");
        publish("news", "2");
        publish("news", "3");
        Recovery recovery = join(ann.subscribe("news", seen));
        publish("news", "4");
        assertTrue(recovery.isComplete());
        assertEquals(2, recovery.publications());
        assertEquals(3, recovery.position().offset());
        assertEquals(List.of(envelope("news", "2"), envelope("news", "3"), envelope("news", "4")), first.written());
    }

    @Test
    void aRecoveryWithAPublicationThatTheClientCannotReceiveIsNotComplete() {
        StreamPosition seen = publish("news", "1");
        publish("news", "2");
        publish("news", BINARY, PublishOptions.defaults());
        Recovery recovery = join(ann.subscribe("news", seen));
        assertFalse(recovery.isComplete());
        assertEquals(0, recovery.publications());
        assertEquals(3, recovery.position().offset());
        assertEquals(List.of(), first.written());
    }

    @Test
    void theLastValueIsTheNewestOfSeveral() {
        publish("price", "1");
        publish("price", "2");
        ann.subscribe("price");
        assertEquals(List.of(envelope("price", "2")), first.written());
        ann.subscribe("price");
        assertEquals(1, first.written().size());
        bob.subscribe("news");
        assertEquals(List.of(), second.written());
    }

    @Test
    void aSubscriberOfAnEmptyTopicGetsNoLastValue() {
        ann.subscribe("price");
        publish("price", "1");
        assertEquals(List.of(envelope("price", "1")), first.written());
    }

    @Test
    void aClientThatIsGoneDoesNotRecover() {
        StreamPosition seen = publish("news", "1");
        ann.closed(CloseStatus.NORMAL);
        assertTrue(ann.subscribe("news", seen).toCompletableFuture().isCompletedExceptionally());
        assertEquals(0, context.topics.subscriberCount("news"));
        assertEquals(
                1,
                context.history()
                        .read("news", HistoryQuery.builder().build())
                        .page()
                        .publications()
                        .size());
    }

    @Test
    void optionsOfNoManagerMeanNone() {
        ManagerContext plain = ManagerContexts.newContext(OverflowPolicy.DISCONNECT, null, limits -> {});
        join(plain.distributor().publish("news", "1"));
        assertEquals(0, plain.history().top("news").offset());
    }
}
