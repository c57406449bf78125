package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.MissedMessages;
import io.tankws.Payload;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Topics with subscribers whose history is evicted, so that they have a new epoch. */
abstract class EpochContract extends ContractTestBase {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final String ENDED = "ended news INSUFFICIENT_STATE";
    private static final int ROUNDS = 100;

    private final LineProtocol protocol = new LineProtocol(false);

    EpochContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager forgetting(Consumer<ManagerLimits.Builder> bounds) {
        return start(builder -> builder.limits(managerLimits(bounds))
                .topicConfigurer(topic -> topic.equals("plain")
                        ? TopicOptions.NONE
                        : TopicOptions.builder().historySize(10).recoverable().build()));
    }

    private Manager rememberingOneTopic(Duration interval) {
        return forgetting(limits -> limits.maxTopicsWithHistory(1).positionCheckInterval(interval));
    }

    private WebSocketServer route(Manager manager) {
        return closing(fixture()
                .server()
                .port(0)
                .handle("/ws", manager)
                .handle("/lines", manager.endpoint(protocol))
                .start());
    }

    private TestClient speak(WebSocketServer server) {
        return closing(TestClient.connect(server, "/lines?user_id=ann"));
    }

    private static StreamPosition publish(Manager manager, String topic, String text) {
        return manager.publish(topic, Payload.text(text)).toCompletableFuture().join();
    }

    private static String envelope(String data) {
        return "{\"topic\":\"news\",\"data\":\"" + data + "\"}";
    }

    /** Subscribes after {@link #ENDED} with an earlier position, which has no meaning any more. */
    private static void assertContinues(Manager manager, TestClient ann, StreamPosition old, StreamPosition top) {
        assertNotEquals(old.epoch(), top.epoch());
        ann.sendText("sub news " + old);
        ann.awaitText("subscribed news " + top + " false ");
        assertEquals(new StreamPosition(top.epoch(), top.offset() + 1), publish(manager, "news", "next"));
        ann.awaitText("pub news " + (top.offset() + 1) + ":next");
    }

    private static List<MissedMessages> reports(RecordingSubscriber<ErrorEvent> errors) {
        return errors.items().stream()
                .filter(event -> event.code() == ErrorCode.MESSAGES_MISSED)
                .map(event -> (MissedMessages) event.details().orElseThrow())
                .toList();
    }

    private void assertEndsAtTheNextPublication(Manager manager, int otherBytes) {
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = route(manager);
        TestClient ann = speak(server);
        ann.sendText("sub news");
        assertTrue(ann.awaitText().startsWith("subscribed news "));
        TestClient bob = subscriber(manager, server, "bob", "news");
        StreamPosition old = publish(manager, "news", "1");
        ann.awaitText("pub news 1:1");
        publish(manager, "other", "x".repeat(otherBytes));
        StreamPosition top = publish(manager, "news", "2");
        ann.awaitText(ENDED);
        assertContinues(manager, ann, old, top);
        List.of("1", "2", "next").forEach(data -> bob.awaitText(envelope(data)));
        errors.await("the report", event -> event.code() == ErrorCode.MESSAGES_MISSED);
        assertEquals(List.of(new MissedMessages("news", "several", 1, false)), reports(errors));
        assertEquals(0, bob.unread());
    }

    @Test
    void aSubscriptionWhoseHistoryWasEvictedEndsBeforeTheNextPublication() {
        assertEndsAtTheNextPublication(rememberingOneTopic(NEVER), 1);
    }

    @Test
    void anEvictionByBytesEndsASubscriptionToo() {
        assertEndsAtTheNextPublication(
                forgetting(limits -> limits.maxHistoryBytes(20_000).positionCheckInterval(NEVER)), 19_000);
    }

    @Test
    void aSubscriptionWhoseHistoryWasEvictedEndsWithoutAPublication() {
        Manager manager = rememberingOneTopic(Duration.ofMillis(20));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = speak(route(manager));
        ann.sendText("sub news");
        assertTrue(ann.awaitText().startsWith("subscribed news "));
        StreamPosition old = publish(manager, "news", "1");
        ann.awaitText("pub news 1:1");
        publish(manager, "other", "x");
        ann.awaitText(ENDED);
        errors.await("the report", event -> event.code() == ErrorCode.MESSAGES_MISSED);
        StreamPosition top = publish(manager, "news", "2");
        assertContinues(manager, ann, old, top);
        assertEquals(1, reports(errors).size());
    }

    @Test
    void aNewSubscriberFindsTheEndOfTheEpochOfAnEarlierOne() {
        Manager manager = rememberingOneTopic(NEVER);
        WebSocketServer server = route(manager);
        TestClient ann = speak(server);
        ann.sendText("sub news");
        assertTrue(ann.awaitText().startsWith("subscribed news "));
        publish(manager, "news", "1");
        ann.awaitText("pub news 1:1");
        publish(manager, "other", "x");
        TestClient bob = speak(server);
        bob.sendText("sub news");
        assertTrue(bob.awaitText().endsWith(":0 false "));
        ann.awaitText(ENDED);
        publish(manager, "news", "2");
        bob.awaitText("pub news 1:2");
        ann.sendText("echo end");
        ann.awaitText("echo end");
    }

    /** Two threads publish to two topics, each of which evicts the history of the other one. */
    @Test
    void offsetsAreConsecutiveInEachEpochOrTheSubscriptionEnds() throws InterruptedException {
        Manager manager = rememberingOneTopic(Duration.ofMillis(10));
        TestClient ann = speak(route(manager));
        Map<String, String> epochs = new ConcurrentHashMap<>();
        AtomicBoolean storming = new AtomicBoolean(true);
        Thread other = new Thread(() -> {
            while (storming.get()) {
                publish(manager, "other", "x");
                LockSupport.parkNanos(1);
            }
        });
        Thread news = new Thread(() -> {
            for (int i = 0; storming.get(); i++) {
                String text = "m" + i;
                epochs.put(text, publish(manager, "news", text).epoch());
                LockSupport.parkNanos(1);
            }
        });
        other.start();
        news.start();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                ann.sendText("sub news");
                String[] position = ann.awaitText().split(" ")[2].split(":");
                long offset = Long.parseLong(position[1]);
                for (String text = ann.awaitText(); !text.equals(ENDED); text = ann.awaitText()) {
                    String[] entry = text.split(" ")[2].split(":");
                    assertEquals(++offset, Long.parseLong(entry[0]), text);
                    String epoch = epochs.computeIfAbsent(entry[1], unknown -> position[0]);
                    assertEquals(position[0], epoch, text);
                }
            }
        } finally {
            storming.set(false);
            other.join();
            news.join();
        }
    }
}
