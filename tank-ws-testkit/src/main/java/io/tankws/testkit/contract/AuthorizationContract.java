package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.TopicAction;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicDenial;
import io.tankws.TopicRequest;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Decisions of the application about the subscriptions of clients, and the order of input. */
abstract class AuthorizationContract extends AuthorizationTestBase {
    AuthorizationContract(ContractFixture fixture) {
        super(fixture);
    }

    private static TopicAuthorizer allowing(String topic) {
        return TopicAuthorizer.of(request -> request.topic().equals(topic)
                ? TopicDecision.allowed()
                : TopicDecision.denied("only " + topic + " is public"));
    }

    @Test
    void anAllowedTopicIsSubscribedAndAnotherOneIsAnError() {
        Manager manager = authorizing(allowing("news"));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("sub:secrets");
        ann.sendText("sub:news");
        Await.until("the subscription", () -> manager.getTopicSubscriberCount("news") == 1);
        ErrorEvent error = awaitDenial(errors, "secrets");
        assertEquals(ErrorCode.AUTHORIZATION_FAILED, error.code());
        assertEquals("ann", error.client().orElseThrow().userId());
        assertEquals(
                new TopicDenial(TopicAction.SUBSCRIBE, "secrets", "only news is public"),
                error.details().orElseThrow());
        assertFalse(error.message().contains("secrets"), error.message());
        assertEquals(Set.of("news"), topics(manager));
        manager.broadcastTopicMessage("secrets", "hidden");
        manager.broadcastTopicMessage("news", "hello");
        // Without plainReplies, the denial is no message.
        ann.awaitText("{\"topic\":\"news\",\"data\":\"hello\"}");
        assertEquals(0, ann.unread());
    }

    @Test
    void theRequestHasClientActionAndTopic() {
        Manager manager = authorizing(authorizer);
        TestClient ann = connect(manager, serve(manager), "ann");
        Client client = find(manager, "ann");
        ann.sendText("sub:new s");
        authorizer.awaitRequest("new s");
        assertEquals(List.of(new TopicRequest(client, TopicAction.SUBSCRIBE, "new s")), authorizer.requests());
        authorizer.allow("new s");
        Await.until("the subscription", () -> manager.getTopicSubscriberCount("new s") == 1);
    }

    @Test
    void aDeniedClientGetsAReplyIfThatIsConfigured() {
        Manager manager =
                start(settings -> settings.topicAuthorizer(allowing("news")).plainReplies(true));
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("sub:sec\"rets");
        ann.awaitText("{\"error\":{\"code\":1016,\"action\":\"subscribe\",\"topic\":\"sec\\\"rets\","
                + "\"reason\":\"only news is public\"}}");
    }

    @Test
    void aDecisionMayComeLaterOnAnotherThread() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:news");
        authorizer.awaitRequest("news");
        assertEquals(Set.of(), topics(manager));
        new Thread(() -> authorizer.allow("news")).start();
        Await.until("the subscription", () -> manager.getTopicSubscriberCount("news") == 1);
        manager.broadcastTopicMessage("news", "hello");
        ann.awaitText("{\"topic\":\"news\",\"data\":\"hello\"}");
    }

    @Test
    void aPendingDecisionDelaysNoOtherClient() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann").sendText("sub:never");
        authorizer.awaitRequest("never");
        authorizer.allow("news");
        TestClient bob = subscriber(manager, server, "bob", "news");
        TestClient eve = connect(manager, server, "eve");
        eve.sendText("hello");
        bob.awaitText("hello");
        manager.broadcastTopicMessage("news", "x");
        bob.awaitText("{\"topic\":\"news\",\"data\":\"x\"}");
    }

    @Test
    void aSubscriptionThatIsThereIsNotAskedForAgain() {
        AtomicInteger calls = new AtomicInteger();
        Manager manager = authorizing(TopicAuthorizer.of(request -> {
            calls.incrementAndGet();
            return TopicDecision.allowed();
        }));
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        ann.sendText("sub:news");
        ann.sendText("sub:other");
        Await.until("the other subscription", () -> manager.getTopicSubscriberCount("other") == 1);
        assertEquals(2, calls.get());
    }

    @Test
    void invalidTopicsAndTooManyTopicsAreNotAskedFor() {
        Manager manager = start(settings ->
                settings.topicAuthorizer(authorizer).clientLimits(clientLimits(limits -> limits.maxTopics(1))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        authorizer.allow("a");
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("sub:");
        ann.sendText("sub:a");
        ann.sendText("sub:b");
        errors.await("the limit", event -> event.code() == ErrorCode.LIMIT_EXCEEDED);
        errors.await("the topic", event -> event.code() == ErrorCode.INVALID_TOPIC);
        assertEquals(1, authorizer.requests().size());
    }

    @Test
    void theApplicationSubscribesWithoutAsking() {
        Manager manager = authorizing(authorizer);
        TestClient ann = connect(manager, serve(manager), "ann");
        find(manager, "ann").subscribe("news");
        manager.subscribeUser("ann", "sport").toCompletableFuture().join();
        assertEquals(Set.of("news", "sport"), topics(manager));
        manager.broadcastTopicMessage("sport", "1");
        ann.awaitText("{\"topic\":\"sport\",\"data\":\"1\"}");
        manager.unsubscribeUser("ann", "sport").toCompletableFuture().join();
        assertEquals(Set.of("news"), topics(manager));
        assertEquals(List.of(), authorizer.requests());
    }

    @Test
    void inputOfOneClientStaysInOrderWithTheRelay() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendTogether(() -> sendMixed(ann));
        bob.awaitText("before");
        authorizer.awaitRequest("a");
        assertEquals(0, bob.unread());
        assertOrder(manager, ann, bob);
    }

    @Test
    void inputThatComesDuringADecisionWaitsToo() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        sendMixed(ann);
        bob.awaitText("before");
        authorizer.awaitRequest("a");
        assertOrder(manager, ann, bob);
    }

    private static void sendMixed(TestClient client) {
        client.sendText("before");
        client.sendText("sub:a");
        client.sendText("one");
        client.sendText("unsub:a");
        client.sendText("two");
        client.sendText("sub:b");
        client.sendText("three");
        client.sendBinary("four".getBytes(StandardCharsets.UTF_8));
    }

    private void assertOrder(Manager manager, TestClient ann, TestClient bob) {
        authorizer.allow("a");
        bob.awaitText("one");
        bob.awaitText("two");
        authorizer.awaitRequest("b");
        assertEquals(Set.of(), topics(manager));
        assertEquals(0, bob.unread());
        authorizer.allow("b");
        bob.awaitText("three");
        bob.awaitText("four");
        assertEquals(Set.of("b"), topics(manager));
        ann.sendText("five");
        bob.awaitText("five");
    }

    @Test
    void inputOfOneClientStaysInOrderWithAHandler() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Manager[] own = new Manager[1];
        own[0] = start(settings -> settings.topicAuthorizer(authorizer).messageHandler((client, message) -> {
            String text = message instanceof Message.Text received ? received.text() : "binary";
            seen.add(text + " " + client.subscriptions().size());
        }));
        TestClient ann = connect(own[0], serve(own[0]), "ann");
        ann.sendTogether(() -> {
            ann.sendText("m0");
            ann.sendText("sub:a");
            ann.sendText("m1");
            ann.sendText("sub:b");
            ann.sendText("m2");
        });
        authorizer.awaitRequest("a");
        Await.until("the first message", () -> seen.equals(List.of("m0 0")));
        authorizer.deny("a");
        authorizer.awaitRequest("b");
        Await.until("the second message", () -> seen.equals(List.of("m0 0", "m1 0")));
        authorizer.allow("b");
        Await.until("the third message", () -> seen.equals(List.of("m0 0", "m1 0", "m2 1")));
    }

    @Test
    void theSocketIsNotReadDuringADecisionAndNoMessageIsLost() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:news");
        authorizer.awaitRequest("news");
        long before = manager.statistics().messagesReceived();
        String padding = ":" + "x".repeat(20_000);
        Flood flood = Flood.start(ann, new Flood.Window(manager, 400), "", padding);
        // 400 messages have more than 8 MB, far more than a read buffer holds. All other clients are served.
        for (int i = 0; i < 200; i++) {
            bob.sendPing(new byte[0]);
            bob.awaitPong();
        }
        long read = manager.statistics().messagesReceived() - before;
        assertTrue(read < 20, () -> read + " messages were read during a decision");
        assertEquals(0, bob.unread());
        authorizer.allow("news");
        flood.finishAfter(100);
        flood.awaitAll(bob);
        assertEquals(Map.of(), manager.statistics().drops());
        assertEquals(Set.of("news"), topics(manager));
    }

    @Test
    void manySubscriptionsInOneReadAreDecidedOneByOne() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Manager manager = start(settings -> settings.topicAuthorizer(TopicAuthorizer.of(request -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    return request.topic().endsWith("7") ? TopicDecision.denied("7") : TopicDecision.allowed();
                }))
                .clientLimits(clientLimits(limits -> limits.maxTopics(1000))));
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendTogether(() -> IntStream.range(0, 500).forEach(i -> ann.sendText("sub:t" + i)));
        Await.until("450 subscriptions", () -> topics(manager).size() == 450);
        ann.sendText("sub:last");
        Await.until("the last", () -> topics(manager).size() == 451);
        assertEquals(1, most.get());
    }
}
