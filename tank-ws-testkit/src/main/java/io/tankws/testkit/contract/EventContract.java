package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.ConnectionEvent.Connected;
import io.tankws.ConnectionEvent.Disconnected;
import io.tankws.ConnectionEvent.Subscribed;
import io.tankws.ConnectionEvent.Unsubscribed;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Connection events, also with slow and faulty subscribers. */
abstract class EventContract extends ContractTestBase {
    EventContract(ContractFixture fixture) {
        super(fixture);
    }

    private static RecordingSubscriber<ConnectionEvent> record(Manager manager) {
        return RecordingSubscriber.of(manager.connectionEvents());
    }

    private static List<Class<?>> types(RecordingSubscriber<ConnectionEvent> events) {
        return events.items().stream().<Class<?>>map(Object::getClass).toList();
    }

    private static void awaitDisconnect(RecordingSubscriber<ConnectionEvent> events) {
        events.await("the disconnect", event -> event instanceof Disconnected);
    }

    @Test
    void tellALifeInOrder() {
        Manager manager = start();
        RecordingSubscriber<ConnectionEvent> events = record(manager);
        Instant before = Instant.now();
        TestClient ann = subscriber(manager, serve(manager), "ann", "kept");
        ann.sendText("sub:left");
        ann.sendText("unsub:left");
        ann.sendClose(new CloseStatus(4001, "enough"));
        assertEquals(4001, ann.awaitClose().code());
        awaitDisconnect(events);
        assertEquals(
                List.of(Connected.class, Subscribed.class, Subscribed.class, Unsubscribed.class, Disconnected.class),
                types(events));
        List<ConnectionEvent> items = events.items();
        assertTrue(items.stream().allMatch(event -> event.userId().equals("ann")));
        assertTrue(items.stream()
                .allMatch(
                        event -> !event.time().isBefore(before) && !event.time().isAfter(Instant.now())));
        assertEquals("kept", ((Subscribed) items.get(1)).topic());
        assertEquals("left", ((Subscribed) items.get(2)).topic());
        assertEquals("left", ((Unsubscribed) items.get(3)).topic());
        Disconnected last = (Disconnected) items.get(4);
        assertEquals(Set.of("kept"), last.endedTopics());
        assertEquals(new CloseStatus(4001, "enough"), last.status());
    }

    @Test
    void aDisconnectEndsSubscriptionsWithoutUnsubscribeEvents() {
        Manager manager = start();
        RecordingSubscriber<ConnectionEvent> events = record(manager);
        TestClient ann = subscriber(manager, serve(manager), "ann", "a");
        ann.sendText("sub:b");
        Await.until("both", () -> manager.getAllTopics().size() == 2);
        ann.disconnect();
        awaitDisconnect(events);
        assertEquals(List.of(Connected.class, Subscribed.class, Subscribed.class, Disconnected.class), types(events));
        assertEquals(Set.of("a", "b"), ((Disconnected) events.items().get(3)).endedTopics());
        assertEquals(Set.of(), manager.getAllTopics());
        assertEquals(0, manager.getClientCount());
    }

    @Test
    void anAbruptEndIsAbnormalButNoError() {
        Manager manager = start();
        RecordingSubscriber<ConnectionEvent> events = record(manager);
        connect(manager, serve(manager), "ann").disconnect();
        awaitDisconnect(events);
        assertEquals(1006, ((Disconnected) events.items().get(1)).status().code());
    }

    @Test
    void eachConnectionHasOneConnectAndOneDisconnect() {
        Manager manager = start();
        RecordingSubscriber<ConnectionEvent> events = record(manager);
        WebSocketServer server = serve(manager);
        int count = 30;
        for (int i = 0; i < count; i++) {
            TestClient client = connect(manager, server, "u" + i);
            switch (i % 3) {
                case 0 -> client.disconnect();
                case 1 -> client.sendClose(CloseStatus.NORMAL);
                default -> manager.closeClient("u" + i);
            }
        }
        Await.until("all gone", () -> events.items().size() == 2 * count);
        for (int i = 0; i < count; i++) {
            String user = "u" + i;
            assertEquals(
                    List.of(Connected.class, Disconnected.class),
                    events.items().stream()
                            .filter(event -> event.userId().equals(user))
                            .map(Object::getClass)
                            .toList());
        }
        assertEquals(count, manager.statistics().connectionsClosed());
    }

    @Test
    void everySubscriberGetsThem() {
        Manager manager = start();
        List<RecordingSubscriber<ConnectionEvent>> all =
                IntStream.range(0, 5).mapToObj(i -> record(manager)).toList();
        connect(manager, serve(manager), "ann");
        all.forEach(
                events -> events.await("the connect", event -> event.userId().equals("ann")));
    }

    @Test
    void aSlowSubscriberLosesCountedEventsAndDelaysNobody() {
        Manager manager = start(settings -> settings.limits(managerLimits(limits -> limits.eventBuffer(4))));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        manager.connectionEvents().subscribe(new Blunt<>(event -> {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        RecordingSubscriber<ConnectionEvent> other = record(manager);
        TestClient ann = connect(manager, serve(manager), "ann");
        Await.until("the subscriber to block", () -> blocked.getCount() == 0);
        for (int i = 0; i < 20; i++) {
            String topic = "t" + i;
            ann.sendText("sub:" + topic);
            other.await(
                    "the subscription to " + topic,
                    event -> event instanceof Subscribed subscribed
                            && subscribed.topic().equals(topic));
        }
        assertTrue(
                manager.statistics().eventsLost() >= 10,
                () -> "lost " + manager.statistics().eventsLost());
        manager.broadcastMessage("undisturbed");
        ann.awaitText("undisturbed");
        release.countDown();
    }

    @Test
    void aSubscriberThatThrowsHarmsNobody() {
        Manager manager = start();
        manager.connectionEvents().subscribe(new Blunt<>(event -> {
            throw new IllegalStateException("on purpose");
        }));
        manager.connectionEvents().subscribe(new Blunt<>(event -> {
            throw new AssertionError("on purpose");
        }));
        RecordingSubscriber<ConnectionEvent> other = record(manager);
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann");
        connect(manager, server, "bob");
        other.await("the second connect", event -> event.userId().equals("bob"));
    }

    @Test
    void thePublishersCompleteAtShutdown() {
        Manager manager = start();
        RecordingSubscriber<ConnectionEvent> events = record(manager);
        var errors = RecordingSubscriber.of(manager.errors());
        connect(manager, serve(manager), "ann");
        manager.close();
        Await.until("both complete", () -> events.isCompleted() && errors.isCompleted());
        assertEquals(List.of(Connected.class, Disconnected.class), types(events));
        Await.until("the completion of a late subscriber", RecordingSubscriber.of(manager.errors())::isCompleted);
    }

    /** A subscriber that runs an action for each event on the thread of the publisher. */
    private static final class Blunt<T> implements Flow.Subscriber<T> {
        private final Consumer<T> action;

        Blunt(Consumer<T> action) {
            this.action = action;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T item) {
            action.accept(item);
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }
}
