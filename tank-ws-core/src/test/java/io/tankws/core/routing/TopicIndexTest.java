package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Subscription;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TopicIndexTest {
    private final ManagerContext context = ManagerContexts.newContext();

    @Test
    void keepsNoTraceOfATopicWithoutSubscribers() {
        ClientSession a = ManagerContexts.open(context, "a", new FakeConnection());
        ClientSession b = ManagerContexts.open(context, "b", new FakeConnection());
        a.subscribe("t");
        b.subscribe("t");
        assertEquals(Map.of("t", 2), context.topics.sizes());
        a.unsubscribe("t");
        b.closed(CloseStatus.NORMAL);
        assertEquals(Set.of(), context.topics.names());
        assertNull(context.topics.find("t"));
    }

    @Test
    void losesNoSubscriptionWhenTheLastOneLeavesAtTheSameTime() throws Exception {
        int threads = 4;
        int rounds = 2000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                ClientSession session = ManagerContexts.open(context, "u" + t, new FakeConnection());
                results.add(pool.submit(() -> {
                    start.await();
                    int missed = 0;
                    for (int i = 0; i < rounds; i++) {
                        session.subscribe("t");
                        Topic topic = context.topics.find("t");
                        if (topic == null || topic.size() == 0) {
                            missed++;
                        }
                        session.unsubscribe("t");
                    }
                    return missed;
                }));
            }
            start.countDown();
            for (Future<Integer> result : results) {
                assertEquals(0, result.get(30, TimeUnit.SECONDS));
            }
            assertTrue(context.topics.names().isEmpty());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void allSubscribersSeeATopicsMessagesInOneOrder() throws Exception {
        List<FakeConnection> connections = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FakeConnection connection = new FakeConnection();
            connections.add(connection);
            connection.takesAtOnce = false;
            ClientSession session = ManagerContexts.open(context, "u" + i, connection);
            // All later messages stay in the outbox.
            session.send("stuck");
            session.subscribe("t");
        }
        int publishers = 4;
        int messages = 100;
        ExecutorService pool = Executors.newFixedThreadPool(publishers);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int p = 0; p < publishers; p++) {
                String name = "p" + p + "-";
                done.add(pool.submit(() -> {
                    for (int i = 0; i < messages; i++) {
                        context.distributor().publish("t", name + i);
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        connections.forEach(connection -> connection.take(null));
        List<String> first = connections.get(0).written();
        assertEquals(1 + publishers * messages, first.size());
        for (FakeConnection connection : connections) {
            assertEquals(first, connection.written());
        }
    }

    @Test
    void countsTopicsAndSubscribers() {
        ClientSession a = ManagerContexts.open(context, "a", new FakeConnection());
        ClientSession b = ManagerContexts.open(context, "b", new FakeConnection());
        assertEquals(0, context.topics.size());
        assertEquals(0, context.topics.subscriberCount("t"));
        a.subscribe("t");
        b.subscribe("t");
        b.subscribe("u");
        assertEquals(2, context.topics.size());
        assertEquals(2, context.topics.subscriberCount("t"));
        assertEquals(Set.of("t", "u"), context.topics.names());
    }

    @Test
    void reportsTheInterestInTopics() {
        List<String> calls = new ArrayList<>();
        TopicIndex index = new TopicIndex(context.counters, context.protocol);
        index.watch(new TopicIndex.InterestListener() {
            @Override
            public void subscribing(String topic, boolean hasHistory) {
                assertNull(index.find(topic));
                calls.add("subscribing " + topic);
            }

            @Override
            public Optional<Runnable> unsubscribed(String topic) {
                assertNull(index.find(topic));
                return Optional.of(() -> calls.add("unsubscribed " + topic));
            }
        });
        TopicSubscription subscription = index.add(ManagerContexts.open(context, "a", new FakeConnection()), "t");
        index.remove(subscription).orElseThrow().run();
        assertEquals(List.of("subscribing t", "unsubscribed t"), calls);
    }

    @Test
    void aSubscriptionShowsItsClientAndTime() {
        Instant before = Instant.now().minusSeconds(1);
        ClientSession session = ManagerContexts.open(context, "a", new FakeConnection());
        Subscription subscription = session.subscribe("t").orElseThrow();
        assertSame(session, subscription.client());
        assertEquals("t", subscription.topic());
        assertFalse(subscription.since().isBefore(before));
        assertFalse(subscription.since().isAfter(Instant.now().plusSeconds(1)));
        assertTrue(subscription.cancel());
        assertFalse(subscription.cancel());
    }
}
