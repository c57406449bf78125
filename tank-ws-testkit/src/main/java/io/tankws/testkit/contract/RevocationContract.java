package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.Payload;
import io.tankws.Subscription;
import io.tankws.TopicAction;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicDenial;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Permissions that expire or are revoked. */
abstract class RevocationContract extends AuthorizationTestBase {
    RevocationContract(ContractFixture fixture) {
        super(fixture);
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
