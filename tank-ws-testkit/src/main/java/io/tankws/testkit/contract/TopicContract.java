package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ConnectionEvent;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.Subscription;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Subscribing, unsubscribing, and what goes to a topic. */
abstract class TopicContract extends ContractTestBase {
    TopicContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void aSubscriberGetsWhatGoesToItsTopicAndNothingElse() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient news = subscriber(manager, server, "ann", "news");
        TestClient sport = subscriber(manager, server, "bob", "sport");
        TestClient none = connect(manager, server, "eve");
        manager.broadcastTopicMessage("news", "hello");
        manager.broadcastMessage("end");
        news.awaitText("{\"topic\":\"news\",\"data\":\"hello\"}");
        List.of(news, sport, none).forEach(client -> client.awaitText("end"));
    }

    private static boolean isSubscription(ConnectionEvent event, String topic) {
        return event instanceof ConnectionEvent.Subscribed subscribed
                && subscribed.topic().equals(topic);
    }

    @Test
    void subscribingTwiceIsSubscribingOnce() {
        Manager manager = start();
        RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        ann.sendText("sub:news");
        ann.sendText("sub:other");
        Await.until("both topics", () -> manager.getAllTopics().size() == 2);
        assertEquals(1, manager.getTopicSubscriberCount("news"));
        manager.broadcastTopicMessage("news", "once");
        manager.broadcastMessage("end");
        ann.awaitText("{\"topic\":\"news\",\"data\":\"once\"}");
        ann.awaitText("end");
        events.await("the other subscription", event -> isSubscription(event, "other"));
        assertEquals(
                1,
                events.items().stream()
                        .filter(event -> isSubscription(event, "news"))
                        .count());
    }

    @Test
    void anUnsubscribedClientGetsNoMore() {
        Manager manager = start();
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        ann.sendText("unsub:news");
        Await.until("the end of the topic", () -> manager.getAllTopics().isEmpty());
        assertEquals(0, manager.getTopicSubscriberCount("news"));
        manager.broadcastTopicMessage("news", "nobody");
        manager.broadcastMessage("end");
        ann.awaitText("end");
    }

    @Test
    void unsubscribingWhatWasNeverSubscribedChangesNothing() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        ann.sendText("unsub:other");
        ann.sendText("sub:last");
        events.await("the last subscription", event -> isSubscription(event, "last"));
        assertFalse(events.items().stream().anyMatch(event -> event instanceof ConnectionEvent.Unsubscribed));
        assertEquals(Set.of("news", "last"), manager.getAllTopics());
        assertEquals(List.of(), errors.items());
    }

    @TestFactory
    List<DynamicTest> anyTextIsATopic() {
        return List.of(
                        "with \"quotes\"",
                        "new\nline",
                        "emoji 🐢",
                        "a:b:c",
                        " ",
                        "sub:sub:",
                        "\\u0041",
                        "üöä",
                        "x".repeat(255))
                .stream()
                .map(topic -> DynamicTest.dynamicTest("[" + topic.replace('\n', ' ') + "]", () -> {
                    Manager manager = start();
                    TestClient ann = subscriber(manager, serve(manager), "ann", topic);
                    assertEquals(Set.of(topic), manager.getAllTopics());
                    manager.broadcastTopicMessage(topic, topic);
                    assertEquals(Map.of("topic", topic, "data", topic), Json.object(ann.awaitText()));
                    ann.sendText("unsub:" + topic);
                    Await.until(
                            "the end of the topic", () -> manager.getAllTopics().isEmpty());
                    closeAll();
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> whatCannotBeATopicIsAnError() {
        return List.of("sub:", "unsub:", "sub:" + "x".repeat(256), "sub:" + "ü".repeat(128), "unsub:" + "x".repeat(256))
                .stream()
                .map(command -> DynamicTest.dynamicTest(command.substring(0, Math.min(20, command.length())), () -> {
                    Manager manager = start();
                    RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
                    TestClient ann = connect(manager, serve(manager), "ann");
                    ann.sendText(command);
                    ErrorEvent error = errors.await("the error", event -> true);
                    assertEquals(ErrorCode.INVALID_TOPIC, error.code());
                    assertEquals("ann", error.client().orElseThrow().userId());
                    assertEquals(Set.of(), manager.getAllTopics());
                    manager.broadcastMessage("still connected");
                    ann.awaitText("still connected");
                    closeAll();
                }))
                .toList();
    }

    @Test
    void oneTopicTooManyIsAnError() {
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> limits.maxTopics(3))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = connect(manager, serve(manager), "ann");
        List.of("a", "b", "c").forEach(topic -> ann.sendText("sub:" + topic));
        Await.until("three topics", () -> manager.getAllTopics().size() == 3);
        ann.sendText("sub:d");
        assertEquals(
                ErrorCode.LIMIT_EXCEEDED,
                errors.await("the error", event -> true).code());
        assertEquals(Set.of("a", "b", "c"), manager.getAllTopics());
        ann.sendText("unsub:a");
        ann.sendText("sub:d");
        Await.until(
                "the fourth instead of the first", () -> manager.getAllTopics().equals(Set.of("b", "c", "d")));
    }

    @Test
    void anEmptyTopicDisappearsWhenItsLastSubscriberLeaves() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = subscriber(manager, server, "ann", "news");
        TestClient bob = subscriber(manager, server, "bob", "news");
        assertEquals(2, manager.getTopicSubscriberCount("news"));
        ann.disconnect();
        Await.until("one subscriber", () -> manager.getTopicSubscriberCount("news") == 1);
        bob.disconnect();
        Await.until("no topic", () -> manager.getAllTopics().isEmpty());
    }

    @Test
    void theServersOwnCodeSubscribesAndUnsubscribesToo() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        Client client = find(manager, "ann");
        Subscription subscription = client.subscribe("news").orElseThrow();
        assertEquals("news", subscription.topic());
        assertEquals(client, subscription.client());
        assertEquals(List.of(subscription), client.subscriptions());
        assertEquals(subscription, client.subscribe("news").orElseThrow());
        manager.broadcastTopicMessage("news", "1");
        ann.awaitText("{\"topic\":\"news\",\"data\":\"1\"}");
        assertTrue(subscription.cancel());
        assertFalse(subscription.cancel());
        assertFalse(client.unsubscribe("news"));
        assertEquals(Set.of(), manager.getAllTopics());
        assertThrows(IllegalArgumentException.class, () -> client.subscribe(""));
        assertThrows(IllegalArgumentException.class, () -> manager.broadcastTopicMessage("", "data"));
    }

    @TestFactory
    List<DynamicTest> theEnvelopeIsEscapedRightly() {
        return List.of(
                        "",
                        "\"\\/\b\f\n\r\t",
                        "\u0000\u001F\u007F",
                        "\uD83D alone",
                        "lone \uDC22",
                        "\u2028\u2029",
                        "</script>",
                        "🐢")
                .stream()
                .map(data -> DynamicTest.dynamicTest(
                        "data " + data.codePoints().boxed().toList(), () -> {
                            Manager manager = start();
                            TestClient ann = subscriber(manager, serve(manager), "ann", "t");
                            manager.broadcastTopicMessage("t", data);
                            assertEquals(Map.of("topic", "t", "data", data), Json.object(ann.awaitText()));
                            closeAll();
                        }))
                .toList();
    }

    @Test
    void allSubscribersSeeOneOrder() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        List<TestClient> clients = List.of(
                subscriber(manager, server, "a", "t"),
                subscriber(manager, server, "b", "t"),
                subscriber(manager, server, "c", "t"));
        int each = 200;
        Consumer<String> publisher = name -> {
            for (int i = 0; i < each; i++) {
                manager.broadcastTopicMessage("t", name + i);
            }
        };
        Thread one = new Thread(() -> publisher.accept("one"));
        Thread two = new Thread(() -> publisher.accept("two"));
        one.start();
        two.start();
        List<List<String>> seen = clients.stream()
                .map(client -> IntStream.range(0, 2 * each)
                        .mapToObj(i -> client.awaitText())
                        .toList())
                .toList();
        assertEquals(seen.get(0), seen.get(1));
        assertEquals(seen.get(0), seen.get(2));
    }
}
