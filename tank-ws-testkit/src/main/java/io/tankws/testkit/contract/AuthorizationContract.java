package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Subscription;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Decisions of the application about the subscriptions of clients. */
abstract class AuthorizationContract extends ContractTestBase {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ControlledAuthorizer authorizer = new ControlledAuthorizer();

    AuthorizationContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager authorizing(TopicAuthorizer decisions) {
        return start(settings -> settings.topicAuthorizer(decisions));
    }

    private static TopicAuthorizer allowing(String topic) {
        return TopicAuthorizer.of(request -> request.topic().equals(topic)
                ? TopicDecision.allowed()
                : TopicDecision.denied("only " + topic + " is public"));
    }

    private static ErrorEvent awaitDenial(RecordingSubscriber<ErrorEvent> errors, String topic) {
        return errors.await(
                "the denial of " + topic,
                event -> event.details()
                        .filter(details -> details instanceof TopicDenial denial
                                && denial.topic().equals(topic))
                        .isPresent());
    }

    private static Set<String> topics(Manager manager) {
        return manager.getAllTopics();
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

    @Test
    void anAuthorizerThatThrowsDenies() {
        Manager manager = authorizing(request -> {
            throw new AssertionError("on purpose");
        });
        assertFailureDenies(manager, AssertionError.class);
    }

    @Test
    void aStageThatFailsDenies() {
        Manager manager = authorizing(request -> CompletableFuture.supplyAsync(() -> {
            throw new IllegalStateException("on purpose");
        }));
        assertFailureDenies(manager, IllegalStateException.class);
    }

    @Test
    void aDecisionOfNullDenies() {
        assertFailureDenies(
                authorizing(request -> CompletableFuture.completedFuture(null)), NullPointerException.class);
        assertFailureDenies(authorizing(request -> missing()), NullPointerException.class);
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // the mistake of an application
    private static CompletionStage<TopicDecision> missing() {
        return null;
    }

    private void assertFailureDenies(Manager manager, Class<? extends Throwable> cause) {
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:news");
        ann.sendText("after");
        bob.awaitText("after");
        ErrorEvent error = awaitDenial(errors, "news");
        assertInstanceOf(cause, error.cause().orElseThrow());
        assertFalse(((TopicDenial) error.details().orElseThrow()).reason().contains("on purpose"));
        assertEquals(Set.of(), topics(manager));
    }

    @Test
    void aDecisionThatDoesNotComeInTimeDenies() {
        Manager manager = start(settings -> settings.topicAuthorizer(authorizer)
                .limits(managerLimits(limits -> limits.authorizationTimeout(SHORT))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:news");
        ann.sendText("after");
        ErrorEvent error = awaitDenial(errors, "news");
        assertTrue(error.cause().isEmpty());
        bob.awaitText("after");
        authorizer.allow("news");
        ann.sendText("sub:late");
        authorizer.awaitRequest("late");
        assertEquals(Set.of(), topics(manager));
    }

    @Test
    void aCallThatHangsIsInterruptedAndDenies() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Manager manager = start(settings -> settings.topicAuthorizer(TopicAuthorizer.of(request -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                    return TopicDecision.allowed();
                }))
                .limits(managerLimits(limits -> limits.authorizationTimeout(SHORT))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("sub:news");
        awaitDenial(errors, "news");
        Await.until("the interrupt", interrupted::get);
        assertEquals(Set.of(), topics(manager));
    }

    @Test
    void callsThatNeverEndAreBoundedAndDelayNoMessage() {
        KeptThread code = closing(new KeptThread(KeptThread.Kind.WAITS));
        Manager manager = start(settings -> settings.topicAuthorizer(TopicAuthorizer.of(request -> {
                    if (request.topic().equals("hang")) {
                        code.keep();
                    }
                    return TopicDecision.allowed();
                }))
                .limits(managerLimits(
                        limits -> limits.callbackThreads(1).maxAbandonedCalls(2).authorizationTimeout(SHORT))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        for (int i = 0; i < 4; i++) {
            TestClient client = connect(manager, server, "ann" + i);
            client.sendText("sub:hang");
            client.sendText("after" + i);
            bob.awaitText("after" + i);
        }
        Await.until(
                "four denials",
                () -> errors.items().stream()
                                .filter(error -> error.code() == ErrorCode.AUTHORIZATION_FAILED)
                                .count()
                        == 4);
        assertTrue(code.kept() <= 3, () -> code.kept() + " threads are kept");
        assertEquals(Set.of(), topics(manager));
    }

    /** A transport that does not read notices the end of a connection when it reads again. */
    @Test
    void noSubscriptionRemainsAfterTheEndOfItsConnection() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:news");
        authorizer.awaitRequest("news");
        Client client = find(manager, "ann");
        ann.disconnect();
        authorizer.allow("news");
        Await.until("the end", () -> manager.getClientCount() == 1);
        bob.sendText("sub:news");
        Await.until(
                "the other subscription alone",
                () -> manager.getTopicSubscriberCount("news") == 1
                        && client.subscriptions().isEmpty());
        assertEquals(0, manager.statistics().errors().getOrDefault(ErrorCode.AUTHORIZATION_FAILED, 0L));
    }

    @Test
    void messagesBeforeACloseArriveAndTheCloseIsAnsweredWithoutADecision() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendTogether(() -> {
            ann.sendText("sub:news");
            ann.sendText("one");
            ann.sendText("sub:sport");
            ann.sendText("two");
            ann.sendClose(CloseStatus.NORMAL);
        });
        bob.awaitText("one");
        bob.awaitText("two");
        assertEquals(1000, ann.awaitClose().code());
        Await.until("the end", () -> manager.getClientCount() == 1);
        authorizer.allow("news");
        assertEquals(Set.of(), topics(manager));
    }

    @Test
    void theServerClosesAClientThatWaitsForADecision() {
        Manager manager = authorizing(authorizer);
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:news");
        authorizer.awaitRequest("news");
        assertEquals(1, manager.closeClient("ann", new CloseStatus(4403, "out")));
        assertEquals(4403, ann.awaitClose().code());
        Await.until("the end", () -> manager.getClientCount() == 0);
        authorizer.allow("news");
        assertEquals(Set.of(), topics(manager));
    }

    @Test
    void aShutdownDoesNotWaitForADecision() {
        Manager manager = authorizing(authorizer);
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("sub:news");
        authorizer.awaitRequest("news");
        long begin = System.nanoTime();
        manager.shutdown(Duration.ofSeconds(5));
        assertTrue(System.nanoTime() - begin < Duration.ofSeconds(4).toNanos());
        assertEquals(1001, ann.awaitClose().code());
    }

    @Test
    void anExpiredPermissionIsAskedForAgain() {
        AtomicBoolean allowing = new AtomicBoolean(true);
        AtomicInteger calls = new AtomicInteger();
        Manager manager = authorizing(TopicAuthorizer.of(request -> {
            calls.incrementAndGet();
            return allowing.get()
                    ? TopicDecision.allowed().withExpiry(Instant.now().plusMillis(200))
                    : TopicDecision.denied("banned");
        }));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = subscriber(manager, serve(manager), "ann", "news");
        Subscription subscription = find(manager, "ann").subscriptions().get(0);
        assertTrue(subscription.expiresAt().isPresent());
        Await.until("further requests", () -> calls.get() >= 3);
        assertEquals(List.of(subscription), find(manager, "ann").subscriptions());
        allowing.set(false);
        assertEquals(
                new TopicDenial(TopicAction.SUBSCRIBE, "news", "banned"),
                awaitDenial(errors, "news").details().orElseThrow());
        Await.until("the end", () -> topics(manager).isEmpty());
        manager.broadcastTopicMessage("news", "hidden");
        manager.broadcastMessage("end");
        ann.awaitText("end");
        int last = calls.get();
        ann.sendText("sub:news");
        Await.until("a request", () -> calls.get() == last + 1);
    }

    @Test
    void aPermissionThatHasExpiredBeforehandDenies() {
        Manager manager = authorizing(TopicAuthorizer.of(
                request -> TopicDecision.allowed().withExpiry(Instant.now().minusSeconds(1))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        connect(manager, serve(manager), "ann").sendText("sub:news");
        awaitDenial(errors, "news");
        assertEquals(Set.of(), topics(manager));
    }

    @Test
    void aPermissionMayCarryInformation() {
        Payload info = Payload.text("moderator");
        Manager manager = authorizing(
                TopicAuthorizer.of(request -> TopicDecision.allowed().withInfo(info)));
        subscriber(manager, serve(manager), "ann", "news");
        assertEquals(
                Optional.of(info), find(manager, "ann").subscriptions().get(0).info());
    }

    @Test
    void revocationEndsTheSubscriptionsOfAllConnectionsOfTheUser() {
        authorizer.allow("news");
        Manager manager = start(settings -> settings.topicAuthorizer(authorizer).plainReplies(true));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient one = connect(manager, server, "ann");
        TestClient two = connect(server, "ann");
        List.of(one, two).forEach(client -> client.sendText("sub:news"));
        Await.until("two subscriptions", () -> manager.getTopicSubscriberCount("news") == 2);
        subscriber(manager, server, "bob", "news");
        manager.revoke("ann", "news").toCompletableFuture().join();
        assertEquals(1, manager.getTopicSubscriberCount("news"));
        assertEquals(
                "revoked", ((TopicDenial) awaitDenial(errors, "news").details().orElseThrow()).reason());
        for (TestClient client : List.of(one, two)) {
            assertTrue(client.awaitText().contains("\"reason\":\"revoked\""));
        }
        manager.broadcastTopicMessage("news", "hidden");
        manager.broadcastMessage("end");
        List.of(one, two).forEach(client -> client.awaitText("end"));
    }

    @Test
    void revocationDeniesAPendingSubscription() {
        Manager manager = authorizing(authorizer);
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("sub:news");
        ann.sendText("after");
        authorizer.awaitRequest("news");
        manager.revoke("ann", "sport").toCompletableFuture().join();
        assertEquals(List.of(), errors.items());
        manager.revoke("ann", "news").toCompletableFuture().join();
        awaitDenial(errors, "news");
        bob.awaitText("after");
        authorizer.allow("news");
        assertEquals(Set.of(), topics(manager));
        authorizer.renew("news");
        ann.sendText("sub:news");
        Await.until("a new request", () -> authorizer.requests("news") == 2);
        authorizer.allow("news");
        Await.until("the new subscription", () -> manager.getTopicSubscriberCount("news") == 1);
    }

    /** Decisions, subscriptions and publications run at the same time as the revocation. */
    @Test
    void noLaterPublicationReachesARevokedClient() throws Exception {
        AtomicBoolean banned = new AtomicBoolean();
        Manager manager = authorizing(TopicAuthorizer.of(request -> {
            boolean denied = banned.get();
            LockSupport.parkNanos(1);
            return denied ? TopicDecision.denied("banned") : TopicDecision.allowed();
        }));
        WebSocketServer server = serve(manager);
        AtomicBoolean storming = new AtomicBoolean(true);
        AtomicInteger number = new AtomicInteger();
        Thread storm = new Thread(() -> {
            while (storming.get()) {
                manager.broadcastTopicMessage("news", Integer.toString(number.incrementAndGet()));
                LockSupport.parkNanos(1);
            }
        });
        storm.start();
        try {
            for (int round = 0; round < 20; round++) {
                banned.set(false);
                TestClient ann = connect(server, "ann");
                for (int i = 0; i < 5; i++) {
                    ann.sendText("sub:news");
                    ann.sendText("unsub:news");
                }
                ann.sendText("sub:news");
                ann.awaitText();
                banned.set(true);
                manager.revoke("ann", "news").toCompletableFuture().join();
                int last = number.incrementAndGet();
                assertEquals(0, manager.getTopicSubscriberCount("news"));
                manager.clients().forEach(client -> client.send("end"));
                for (String text = ann.awaitText(); !text.equals("end"); text = ann.awaitText()) {
                    int published = Integer.parseInt(text.replaceAll("\\D", ""));
                    assertTrue(published <= last, () -> published + " was published after " + last);
                }
                ann.disconnect();
                Await.until("the end", () -> manager.getClientCount() == 0);
            }
        } finally {
            storming.set(false);
            storm.join();
        }
    }
}
