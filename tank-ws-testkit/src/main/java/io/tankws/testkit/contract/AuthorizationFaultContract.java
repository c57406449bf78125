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
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicDenial;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Decisions that fail or do not come in time, and connections that end before the decision. */
abstract class AuthorizationFaultContract extends AuthorizationTestBase {
    private static final Duration SHORT = Duration.ofMillis(300);

    AuthorizationFaultContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager withShortTimeout(TopicAuthorizer decisions) {
        return start(settings -> settings.topicAuthorizer(decisions)
                .limits(managerLimits(limits -> limits.authorizationTimeout(SHORT))));
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
        Manager manager = withShortTimeout(authorizer);
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
        Manager manager = withShortTimeout(TopicAuthorizer.of(request -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return TopicDecision.allowed();
        }));
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
        Manager manager = withShortTimeout(authorizer);
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
}
