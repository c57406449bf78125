package io.tankws.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.OutagePolicy;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three nodes on a real Redis that publish without a pause to topics with history, while Redis and the network fail.
 * For every subscriber, the offsets of the publications that it receives are exactly consecutive in each epoch, or its
 * node reports the break. {@code -Dtankws.soak=PT10M} repeats the faults for that time.
 */
class HistoryFaultTest {
    private static final List<String> TOPICS = List.of("t0", "t1");
    private static final String CLUSTER = "histories";
    private static final TopicOptions OPTIONS = TopicOptions.builder()
            .historySize(100_000)
            .historyBytes(64L * 1024 * 1024)
            .recoverable()
            .build();

    private final List<Node> nodes = new ArrayList<>();
    private final AtomicBoolean publishing = new AtomicBoolean(true);
    private final List<Thread> publishers = new ArrayList<>();
    private TestRedis redis;

    @BeforeEach
    void start() {
        redis = new TestRedis();
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(
                    redis, CLUSTER, TOPICS, OutagePolicy.FAIL, builder -> builder.topicConfigurer(topic -> OPTIONS)));
        }
    }

    @AfterEach
    void stop() {
        publishing.set(false);
        nodes.forEach(Node::close);
        redis.close();
    }

    @Test
    void killedAndStartedAgain() {
        accountFor(() -> {
            redis.kill();
            awaitDown();
            redis.start();
            awaitUp();
        });
    }

    @Test
    void paused() {
        accountFor(() -> {
            redis.pause();
            awaitDown();
            redis.resume();
            awaitUp();
        });
    }

    @Test
    void wiped() {
        accountFor(() -> redis.command("FLUSHALL"));
    }

    @Test
    void subscribersDisconnectedByRedis() {
        accountFor(() -> {
            redis.command("CLIENT KILL TYPE pubsub");
            awaitUp();
        });
    }

    /** The nodes find the new primary one after the other. */
    @Test
    void failedOver() {
        accountFor(() -> {
            TestRedis replica = new TestRedis();
            TestRedis primary = redis;
            redis = replica;
            try (primary) {
                primary.command("CONFIG SET repl-diskless-sync-delay 0");
                replica.command("REPLICAOF 127.0.0.1 " + primary.address().getPort());
                Await.until(
                        "the replica", () -> replica.command("INFO replication").contains("master_link_status:up"));
                primary.kill();
                replica.command("REPLICAOF NO ONE");
                for (Node node : nodes) {
                    node.network.target(replica.address());
                }
                awaitUp();
            }
        });
    }

    @Test
    void nodesSeparatedOneAfterTheOther() {
        accountFor(() -> {
            for (Node node : nodes) {
                node.network.upstream(Fault.after(0, Fault.End.RESET));
                rest(50);
                node.network.upstream(Fault.none());
                awaitUp();
            }
        });
    }

    /** A client moves from node to node and recovers there, while its nodes lose their connections. */
    @Test
    void aClientThatMovesFromNodeToNode() {
        begin();
        List<String> received = new ArrayList<>();
        StreamPosition begin = page(nodes.get(0), "t0", HistoryQuery.top()).top();
        StreamPosition position = begin;
        for (int round = 0; round < 6; round++) {
            Node node = nodes.get(round % nodes.size());
            if (round == 3) {
                redis.command("CLIENT KILL TYPE pubsub");
            }
            try (TestClient moving = node.connect("moving")) {
                Await.until("the client", () -> find(node) != null);
                Recovery recovery = recover(find(node), position);
                assertTrue(recovery.isComplete(), recovery::toString);
                for (int i = 0; i < 20; i++) {
                    received.add(data(moving.awaitText()));
                }
                position = new StreamPosition(begin.epoch(), begin.offset() + received.size());
            }
        }
        end();
        HistoryPage all = page(nodes.get(0), "t0", HistoryQuery.since(begin));
        assertEquals(
                all.publications().stream()
                        .limit(received.size())
                        .map(publication -> publication.payload().asText())
                        .toList(),
                received);
    }

    private static Client find(Node node) {
        return node.manager.clients().stream()
                .filter(client -> client.userId().equals("moving"))
                .findFirst()
                .orElse(null);
    }

    /** Recovers, again after each attempt that the backplane fails. */
    private static Recovery recover(Client client, StreamPosition since) {
        Recovery[] result = {null};
        Await.until("the recovery", () -> {
            try {
                result[0] = client.subscribe("t0", since).toCompletableFuture().join();
            } catch (CompletionException failed) {
                // The test tries again.
            }
            return result[0] != null;
        });
        return result[0];
    }

    private static String data(String envelope) {
        return envelope.replaceFirst(".*\"data\":\"(.*)\"}", "$1");
    }

    private static HistoryPage page(Node node, String topic, HistoryQuery query) {
        return node.manager.history(topic, query).toCompletableFuture().join().page();
    }

    private void accountFor(Runnable fault) {
        long end = System.nanoTime()
                + Duration.parse(System.getProperty("tankws.soak", "PT0S")).toNanos();
        begin();
        do {
            rest(200);
            fault.run();
            rest(200);
        } while (System.nanoTime() < end);
        end();
        for (String topic : TOPICS) {
            nodes.forEach(node -> check(node, topic));
        }
    }

    private void begin() {
        for (Node node : nodes) {
            int number = nodes.indexOf(node);
            Thread publisher = new Thread(() -> publish(node, number), "publisher-" + number);
            publishers.add(publisher);
            publisher.start();
        }
    }

    private void publish(Node node, int number) {
        for (int i = 0; publishing.get(); i++) {
            String topic = TOPICS.get(i % TOPICS.size());
            node.publish(topic, number + "/" + topic + "/" + i);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
        }
    }

    /** Ends the publishers, and waits for a last publication of each topic. */
    private void end() {
        publishing.set(false);
        publishers.forEach(HistoryFaultTest::join);
        Await.until(
                "every stage",
                () -> nodes.stream().noneMatch(node -> node.published.containsValue(Node.Fate.UNDER_WAY)));
        awaitUp();
        for (String topic : TOPICS) {
            String last = "end/" + topic + "/0";
            nodes.get(0).publish(topic, last);
            Await.until(
                    "the end",
                    () -> nodes.stream().allMatch(node -> node.delivered().contains(last)));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(Node node, String topic) {
        OffsetChecker checker = new OffsetChecker();
        Map<String, StreamPosition> kept = new HashMap<>();
        page(node, topic, HistoryQuery.builder().build())
                .publications()
                .forEach(publication -> kept.put(publication.payload().asText(), publication.position()));
        checker.learn(kept);
        nodes.forEach(publisher -> checker.learn(publisher.positions));
        List<String> received = node.delivered().stream()
                .filter(text -> text.contains("/" + topic + "/"))
                .toList();
        OffsetChecker.Findings findings = checker.check(received);
        String subject = "node " + nodes.indexOf(node) + " " + topic + ": " + findings;
        assertEquals(List.of(), findings.violations(), subject);
        Await.until(
                "a report of each break, " + subject,
                () -> node.missed(topic) >= findings.missing() + findings.epochs(),
                () -> "reported " + node.missed(topic));
    }

    /** Lets time pass while publishing continues. No condition depends on the events in this time. */
    private static void rest(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private void awaitDown() {
        Await.until(
                "the outage to be noticed",
                () -> nodes.stream()
                        .noneMatch(node -> node.manager.cluster().health().isUp()));
    }

    private void awaitUp() {
        Await.until(
                "the end of the outage",
                () -> nodes.stream()
                        .allMatch(node -> node.manager.cluster().health().isUp()));
    }
}
