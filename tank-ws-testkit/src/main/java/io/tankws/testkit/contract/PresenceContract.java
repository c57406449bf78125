package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import io.tankws.UserDelivery;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Topics with presence: members, counts, join and leave, and messages to a user. */
abstract class PresenceContract extends ContractTestBase {
    private static final TopicOptions PRESENCE =
            TopicOptions.builder().presence().build();
    private static final TopicOptions EVENTS =
            TopicOptions.builder().presence().joinLeave().build();
    /** The grace is so long that it ends in no test. */
    private static final TopicOptions GRACE = TopicOptions.builder()
            .presence()
            .joinLeave()
            .leaveGrace(TopicOptions.MAX_LEAVE_GRACE)
            .build();

    private static final TopicOptions SHORT_GRACE = TopicOptions.builder()
            .presence()
            .joinLeave()
            .leaveGrace(Duration.ofMillis(1))
            .build();

    PresenceContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager manager(Consumer<Manager.Builder> more) {
        return start(builder -> {
            builder.topicConfigurer(topic -> switch (topic) {
                case "room" -> EVENTS;
                case "quiet" -> PRESENCE;
                case "page" -> GRACE;
                case "flicker" -> SHORT_GRACE;
                default -> TopicOptions.NONE;
            });
            more.accept(builder);
        });
    }

    private Manager manager() {
        return manager(builder -> {});
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static List<String> users(Manager manager, String topic) {
        return join(manager.presence(topic)).members().stream()
                .map(PresenceMember::userId)
                .toList();
    }

    private static List<String> events(RecordingSubscriber<PresenceEvent> events, int count) {
        Await.until("the events", () -> events.items().size() >= count);
        return events.items().stream().map(PresenceContract::show).toList();
    }

    private static String show(PresenceEvent event) {
        return (event instanceof PresenceEvent.Joined ? "+" : "-")
                + event.member().userId();
    }

    @Test
    void listsMembersByConnection() {
        Manager manager = manager();
        WebSocketServer server = serve(manager);
        subscriber(manager, server, "ann", "quiet");
        TestClient bob = subscriber(manager, server, "bob", "quiet");
        Presence presence = join(manager.presence("quiet"));
        assertTrue(presence.isComplete());
        assertEquals(List.of("ann", "bob"), users(manager, "quiet"));
        PresenceMember first = presence.members().get(0);
        assertEquals(find(manager, "ann").id(), first.clientId());
        assertEquals(first.clientId(), first.id());
        assertEquals("", first.node());
        bob.sendText("unsub:quiet");
        Await.until("the leave of bob", () -> users(manager, "quiet").equals(List.of("ann")));
    }

    @Test
    void aMemberHasTheInfoOfItsConnectionAndOfItsSubscription() {
        Payload name = Payload.json("{\"name\":\"Ann\"}");
        Payload role = Payload.text("guest");
        Manager manager = manager(builder -> builder.authenticator(
                        Authenticator.of(request -> Authentication.accepted(new Identity("ann").withInfo(name))))
                .topicAuthorizer(
                        TopicAuthorizer.of(request -> TopicDecision.allowed().withInfo(role))));
        subscriber(manager, serve(manager), "ann", "quiet");
        PresenceMember ann = join(manager.presence("quiet")).members().get(0);
        assertEquals(Optional.of(name), ann.info());
        assertEquals(Optional.of(role), ann.subscriptionInfo());
        assertEquals(Optional.of(name), find(manager, "ann").info());
    }

    @Test
    void countsConnectionsAndUsers() {
        Manager manager = manager();
        WebSocketServer server = serve(manager);
        assertEquals(new PresenceCounts(0, 0, true, Set.of()), join(manager.presenceCounts("quiet")));
        subscriber(manager, server, "ann", "quiet");
        subscriber(manager, server, "bob", "quiet");
        TestClient second = connect(server, "ann");
        second.sendText("sub:quiet");
        Await.until(
                "three members",
                () -> join(manager.presenceCounts("quiet")).equals(new PresenceCounts(3, 2, true, Set.of())));
    }

    @Test
    void aTopicWithoutPresenceIsRefused() {
        Manager manager = manager();
        subscriber(manager, serve(manager), "ann", "news");
        for (CompletionStage<?> stage : List.of(manager.presence("news"), manager.presenceCounts("news"))) {
            CompletionException thrown = assertThrows(CompletionException.class, () -> join(stage));
            assertInstanceOf(IllegalStateException.class, thrown.getCause());
            assertTrue(thrown.toString().contains("has no presence"), thrown.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> manager.presence(""));
    }

    @Test
    void anAnswerIsBounded() {
        Manager manager = manager(builder -> builder.limits(managerLimits(limits -> limits.maxPresenceMembers(2))));
        WebSocketServer server = serve(manager);
        for (String user : List.of("ann", "bob", "cid")) {
            subscriber(manager, server, user, "quiet");
        }
        Presence presence = join(manager.presence("quiet"));
        assertEquals(List.of("ann", "bob"), users(manager, "quiet"));
        assertTrue(presence.hasMore());
        assertFalse(presence.isComplete());
        assertEquals(3, join(manager.presenceCounts("quiet")).connections());
    }

    @Test
    void aLeaveFollowsItsJoinOnceForEachWayToEnd() {
        Manager manager = manager();
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        WebSocketServer server = serve(manager);
        TestClient ann = subscriber(manager, server, "ann", "room");
        ann.sendText("sub:room");
        ann.sendText("unsub:room");
        assertEquals(List.of("+ann", "-ann"), events(events, 2));
        subscriber(manager, server, "bob", "room");
        join(manager.revoke("bob", "room"));
        assertEquals(List.of("+bob", "-bob"), events(events, 4).subList(2, 4));
        subscriber(manager, server, "cid", "room").close();
        assertEquals(List.of("+cid", "-cid"), events(events, 6).subList(4, 6));
        subscriber(manager, server, "dan", "room");
        manager.shutdown(Duration.ofSeconds(5));
        Await.until("the end of the events", events::isCompleted);
        assertEquals(List.of("+dan", "-dan"), events(events, 8).subList(6, 8));
        for (int i = 0; i < 8; i += 2) {
            assertEquals(
                    events.items().get(i).member(), events.items().get(i + 1).member());
        }
    }

    @Test
    void aTopicWithoutJoinLeaveHasNoEvents() {
        Manager manager = manager();
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        WebSocketServer server = serve(manager);
        subscriber(manager, server, "ann", "quiet");
        subscriber(manager, server, "bob", "room");
        assertEquals(List.of("+bob"), events(events, 1));
    }

    @Test
    void aPageThatIsLoadedAgainNeitherLeavesNorJoins() {
        Manager manager = manager();
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        WebSocketServer server = serve(manager);
        TestClient page = subscriber(manager, server, "ann", "page");
        PresenceMember before = join(manager.presence("page")).members().get(0);
        page.close();
        Await.until("the end of the connection", () -> manager.getClientCount() == 0);
        assertEquals(List.of(before), join(manager.presence("page")).members());
        assertEquals(0, manager.getTopicSubscriberCount("page"));
        TestClient again = subscriber(manager, server, "ann", "page");
        PresenceMember after = join(manager.presence("page")).members().get(0);
        assertEquals(before.id(), after.id());
        assertNotEquals(before.clientId(), after.clientId());
        assertEquals(new PresenceCounts(1, 1, true, Set.of()), join(manager.presenceCounts("page")));
        again.sendText("unsub:page");
        assertEquals(List.of("+ann", "-ann"), events(events, 2));
        assertEquals(after.id(), events.items().get(1).member().id());
        assertEquals(after, events.items().get(1).member());
    }

    @Test
    void aMemberLeavesWhenItsGraceIsOver() {
        Manager manager = manager();
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        subscriber(manager, serve(manager), "ann", "flicker").close();
        assertEquals(List.of("+ann", "-ann"), events(events, 2));
        assertEquals(List.of(), users(manager, "flicker"));
        assertEquals(0, manager.statistics().topics());
    }

    @Test
    void anotherUserContinuesNoMember() {
        Manager manager = manager();
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        WebSocketServer server = serve(manager);
        subscriber(manager, server, "ann", "page").close();
        Await.until("the end of the connection", () -> manager.getClientCount() == 0);
        subscriber(manager, server, "bob", "page");
        assertEquals(List.of("+ann", "+bob"), events(events, 2));
        assertEquals(Set.of("ann", "bob"), new HashSet<>(users(manager, "page")));
    }

    /** The member that has waited longest leaves early. */
    @Test
    void membersWithoutAConnectionAreBounded() {
        Manager manager = manager(builder -> builder.limits(managerLimits(limits -> limits.maxPendingLeaves(2))));
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        WebSocketServer server = serve(manager);
        for (String user : List.of("ann", "bob", "cid")) {
            subscriber(manager, server, user, "page").close();
            Await.until("the end of the connection", () -> manager.getClientCount() == 0);
        }
        assertEquals(List.of("+ann", "+bob", "+cid", "-ann"), events(events, 4));
        assertEquals(2, join(manager.presenceCounts("page")).connections());
    }

    @Test
    void aShutdownEndsTheGrace() {
        Manager manager = manager();
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        WebSocketServer server = serve(manager);
        subscriber(manager, server, "ann", "page").close();
        Await.until("the end of the connection", () -> manager.getClientCount() == 0);
        manager.shutdown(Duration.ZERO);
        Await.until("the end of the events", events::isCompleted);
        assertEquals(List.of("+ann", "-ann"), events(events, 2));
    }

    @Test
    void aSlowObserverDelaysNoClientAndItsLossIsCounted() {
        Manager manager = manager(builder -> builder.limits(managerLimits(limits -> limits.eventBuffer(1))));
        CountDownLatch release = new CountDownLatch(1);
        manager.presenceEvents().subscribe(new BlockedSubscriber(release));
        try {
            WebSocketServer server = serve(manager);
            TestClient ann = subscriber(manager, server, "ann", "room");
            for (int i = 0; i < 20; i++) {
                ann.sendText("unsub:room");
                ann.sendText("sub:room");
            }
            ann.sendText("sub:last");
            Await.until("the last command", () -> manager.getTopicSubscriberCount("last") == 1);
            Await.until("the lost events", () -> manager.statistics().eventsLost() > 0);
            join(manager.broadcastTopicMessage("room", "after"));
            ann.awaitText("{\"topic\":\"room\",\"data\":\"after\"}");
        } finally {
            release.countDown();
        }
    }

    @Test
    void sendsToTheConnectionsOfAUserOnly() {
        Manager manager = manager();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient second = connect(server, "ann");
        TestClient bob = connect(manager, server, "bob");
        Await.until("three clients", () -> manager.getClientCount() == 3);
        assertEquals(new UserDelivery(2, true), join(manager.sendToUser("ann", "for ann")));
        assertEquals(new UserDelivery(0, true), join(manager.sendToUser("cid", Message.text("x"))));
        join(manager.broadcastMessage("for all"));
        for (TestClient client : List.of(ann, second)) {
            client.awaitText("for ann");
            client.awaitText("for all");
        }
        assertEquals("for all", bob.awaitText());
    }

    @Test
    void aUserIsPresentWhileAConnectionIsOpen() {
        Manager manager = manager();
        TestClient ann = connect(manager, serve(manager), "ann");
        assertTrue(join(manager.isPresent("ann")));
        assertFalse(join(manager.isPresent("bob")));
        ann.close();
        Await.until("the end of the connection", () -> !join(manager.isPresent("ann")));
    }

    /** Members that come and go at the same time leave no member, and each leave follows its join. */
    @Test
    void membersThatComeAndGoLeaveNothingBehind() {
        Manager manager = manager();
        RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(manager.presenceEvents());
        WebSocketServer server = serve(manager);
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(connect(manager, server, "user" + i));
        }
        for (int round = 0; round < 25; round++) {
            clients.forEach(client -> client.sendText("sub:room"));
            clients.forEach(client -> client.sendText("unsub:room"));
        }
        Await.until("all events", () -> events.items().size() == 200);
        Set<String> present = new HashSet<>();
        for (PresenceEvent event : events.items()) {
            boolean changed = event instanceof PresenceEvent.Joined
                    ? present.add(event.member().id())
                    : present.remove(event.member().id());
            assertTrue(changed, () -> show(event) + " follows no opposite event");
        }
        assertEquals(new PresenceCounts(0, 0, true, Set.of()), join(manager.presenceCounts("room")));
        assertEquals(0, manager.statistics().topics());
    }

    /** A subscriber that handles no event until the test ends. */
    private record BlockedSubscriber(CountDownLatch release) implements Flow.Subscriber<PresenceEvent> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(PresenceEvent event) {
            BackplaneTestBase.awaitUninterrupted(release);
        }

        @Override
        public void onError(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void onComplete() {
            // The manager has shut down.
        }
    }
}
