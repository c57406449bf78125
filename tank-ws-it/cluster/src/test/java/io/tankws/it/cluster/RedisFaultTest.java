package io.tankws.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.OutagePolicy;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Three nodes publish to four topics while Redis fails in different ways. Afterwards each text was delivered on each
 * node, or reported there as missed, or its publish failed. No text is delivered twice, and all nodes see one order.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class RedisFaultTest {
    private static final List<String> TOPICS = List.of("t0", "t1", "t2", "t3");
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final OutagePolicy WAITING = OutagePolicy.buffer(100, 100_000, Duration.ofMinutes(1));

    private interface Faults {
        void happen(Random random);
    }

    private final List<Node> nodes = new ArrayList<>();
    private TestRedis redis;

    @BeforeEach
    void start() {
        redis = new TestRedis();
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(redis, "faults", TOPICS));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(Node::close);
        redis.close();
    }

    @Test
    void killedAndStartedAgain() {
        accountFor(random -> {
            for (int i = 0; i < 3; i++) {
                rest(200 + random.nextInt(200));
                redis.kill();
                awaitDown(nodes);
                redis.start();
                awaitUp();
            }
        });
    }

    /** The network of a node is silent for longer than any timeout. */
    @Test
    void pausedForHalfAMinute() {
        accountFor(random -> {
            redis.pause();
            awaitDown(nodes);
            rest(30_000);
            redis.resume();
            awaitUp();
        });
    }

    @Test
    void wiped() {
        accountFor(random -> {
            for (int i = 0; i < 5; i++) {
                rest(100);
                redis.command("FLUSHALL");
            }
        });
    }

    @Test
    void connectionsDroppedAtRandom() {
        accountFor(random -> {
            for (int i = 0; i < 12; i++) {
                rest(random.nextInt(300));
                Node node = nodes.get(random.nextInt(nodes.size()));
                reset(node);
                rest(random.nextInt(50));
                heal(node);
            }
            awaitUp();
        });
    }

    @Test
    void subscribersCutOffByRedis() {
        accountFor(random -> {
            for (int i = 0; i < 6; i++) {
                rest(200 + random.nextInt(200));
                redis.command("CLIENT KILL TYPE pubsub");
            }
            awaitUp();
        });
    }

    @Test
    void aNodeWithoutInputAmongConnectedNodes() {
        accountFor(random -> {
            Node deaf = nodes.get(0);
            deaf.network.downstream(Fault.after(0, Fault.End.BLACK_HOLE));
            awaitDown(List.of(deaf));
            heal(deaf);
            awaitUp();
        });
    }

    /** The output buffer of the node at Redis grows, until the node reconnects and continues with later messages. */
    @Test
    void aNodeThatCannotKeepUp() {
        accountFor(random -> {
            Node slow = nodes.get(0);
            slow.network.downstream(Fault.rate(20_000));
            awaitDown(List.of(slow));
            heal(slow);
            awaitUp();
        });
    }

    /** Nodes that reconnect a little later receive the texts too, because they stay buffered. */
    @Test
    void bufferedTextsReachAllNodes() {
        try (Node one = new Node(redis, "waiting", TOPICS, WAITING);
                Node two = new Node(redis, "waiting", TOPICS, WAITING)) {
            redis.kill();
            awaitDown(List.of(one, two));
            for (int i = 0; i < 5; i++) {
                one.publish("t0", "0/t0/" + i);
                two.publish("t0", "1/t0/" + i);
            }
            redis.start();
            Await.until(
                    "all of both at both",
                    () -> List.of(one, two).stream()
                            .allMatch(node -> node.delivered().size() == 10));
            assertEquals(one.delivered(), two.delivered());
            assertEquals(0, one.missed("t0", two, true) + two.missed("t0", one, true));
        }
    }

    /** No message follows the missed ones, so only the position reports of the other nodes reveal the loss. */
    @Test
    void theLastMessagesBeforeSilence() {
        Node deaf = nodes.get(0);
        nodes.get(1).publish("t0", "1/t0/0");
        nodes.get(2).publish("t0", "2/t0/0");
        Await.until("the first messages", () -> deaf.delivered().size() == 2);
        deaf.network.downstream(Fault.after(0, Fault.End.BLACK_HOLE));
        for (int i = 1; i <= 5; i++) {
            nodes.get(1).publish("t0", "1/t0/" + i);
        }
        awaitDown(List.of(deaf));
        heal(deaf);
        awaitUp();
        Await.until("a report", () -> deaf.missed("t0", nodes.get(1), true) == 5);
        assertEquals(0, deaf.missed("t0", nodes.get(2), true));
        assertEquals(0, nodes.get(2).manager.cluster().health().missed());
    }

    /** Two servers are primaries for some time, as in a failover that nodes see at different times. No node notices. */
    @Test
    void partedByAFailover() {
        Node first = nodes.get(0);
        Node second = nodes.get(1);
        try (TestRedis other = new TestRedis()) {
            first.publish("t0", "0/t0/0");
            second.publish("t0", "1/t0/0");
            Await.until(
                    "the first messages",
                    () -> List.of(first, second).stream()
                            .allMatch(node -> node.delivered().size() == 2));
            Await.until("the other server to be older than what follows", () -> other.uptimeSeconds() >= 2);
            lead(second, other);
            for (int i = 1; i <= 5; i++) {
                first.publish("t0", "0/t0/" + i);
                second.publish("t0", "1/t0/" + i);
            }
            Await.until(
                    "all is taken",
                    () -> List.of(first, second).stream()
                            .allMatch(node -> node.published.values().stream().allMatch(Node.Fate.TAKEN::equals)));
            // The split lasts longer than the time that a node looks back after an outage that it notices at once.
            rest(4_000);
            lead(first, other);
            Await.until("the first one's report", () -> first.missed("t0", second, true) == 5);
            Await.until("the second one's report", () -> second.missed("t0", first, true) == 5);
        }
    }

    private void lead(Node node, TestRedis redis) {
        node.network.target(redis.address());
        reset(node);
        awaitDown(List.of(node));
        heal(node);
        awaitUp(List.of(node));
    }

    /** All nodes lose their input with Redis, and none receives a position report at once. */
    @Test
    void theLastMessagesBeforeACrash() {
        for (Node node : nodes) {
            node.publish("t1", nodes.indexOf(node) + "/t1/0");
        }
        Await.until(
                "the first messages",
                () -> nodes.stream().allMatch(node -> node.delivered().size() == 3));
        redis.kill();
        awaitDown(nodes);
        redis.start();
        awaitUp();
        nodes.get(0).publish("t1", "0/t1/1");
        Await.until(
                "the next message",
                () -> nodes.stream().allMatch(node -> node.delivered().size() == 4));
        nodes.forEach(node -> assertEquals(0, node.manager.cluster().health().missed()));
    }

    @Test
    void reconnectStorm() {
        accountFor(random -> {
            for (int i = 0; i < 30; i++) {
                nodes.forEach(this::reset);
                rest(20);
                nodes.forEach(this::heal);
                rest(random.nextInt(150));
            }
            awaitUp();
        });
    }

    private void reset(Node node) {
        node.network.upstream(Fault.after(0, Fault.End.RESET));
    }

    private void heal(Node node) {
        node.network.upstream(Fault.none()).downstream(Fault.none());
    }

    /** Lets time pass while publishing continues. No condition depends on the events in this time. */
    private static void rest(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void awaitDown(List<Node> all) {
        Await.until(
                "the outage to be noticed",
                () -> all.stream()
                        .noneMatch(node -> node.manager.cluster().health().isUp()));
    }

    private void awaitUp() {
        awaitUp(nodes);
    }

    private static void awaitUp(List<Node> all) {
        Await.until(
                "the end of the outage",
                () -> all.stream()
                        .allMatch(node -> node.manager.cluster().health().isUp()));
    }

    private void accountFor(Faults faults) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        boolean[] over = {false};
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            int number = i;
            Thread publisher = new Thread(() -> publish(number, new Random(seed + number), over), "publisher-" + i);
            publishers.add(publisher);
            publisher.start();
        }
        try {
            rest(300);
            faults.happen(random);
            rest(300);
        } finally {
            synchronized (over) {
                over[0] = true;
            }
        }
        publishers.forEach(RedisFaultTest::join);
        Await.until(
                "every stage",
                () -> nodes.stream().noneMatch(node -> node.published.containsValue(Node.Fate.UNDER_WAY)));
        for (Node node : nodes) {
            for (Node publisher : nodes) {
                TOPICS.forEach(topic -> account(node, publisher, topic, "seed " + seed));
            }
        }
        oneOrder();
    }

    private void publish(int number, Random random, boolean[] over) {
        for (int i = 0; ; i++) {
            synchronized (over) {
                if (over[0]) {
                    return;
                }
            }
            String topic = TOPICS.get(random.nextInt(TOPICS.size()));
            nodes.get(number).publish(topic, number + "/" + topic + "/" + i);
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Checks the messages that one node received from one publisher and topic. */
    private void account(Node node, Node publisher, String topic, String hint) {
        String mark = nodes.indexOf(publisher) + "/" + topic + "/";
        String what = "node " + nodes.indexOf(node) + " of " + mark + ", " + hint;
        Await.until(
                "an account of " + what,
                () -> missing(node, publisher, topic, mark, Node.Fate.TAKEN).size() <= missed(node, publisher, topic),
                () -> "lacks " + missing(node, publisher, topic, mark, Node.Fate.TAKEN) + ", reports "
                        + missed(node, publisher, topic));
        List<String> got = delivered(node, mark);
        assertEquals(new HashSet<>(got).size(), got.size(), () -> "twice: " + what);
        List<Integer> numbers = got.stream()
                .map(text -> Integer.valueOf(text.substring(mark.length())))
                .toList();
        assertEquals(numbers.stream().sorted().toList(), numbers, () -> "out of order: " + what);
        Set<String> failed = new HashSet<>(got);
        failed.retainAll(missing(node, publisher, topic, mark, Node.Fate.FAILED));
        assertEquals(Set.of(), failed, () -> "failed and yet delivered: " + what);
        // A message that could not be sent may have used a number.
        int atMost = missing(node, publisher, topic, mark, Node.Fate.TAKEN).size()
                + missing(node, publisher, topic, mark, Node.Fate.UNCERTAIN).size()
                + missing(node, publisher, topic, mark, Node.Fate.FAILED).size();
        long exact = node.missed(topic, publisher, true);
        assertTrue(exact <= atMost, () -> "missed " + exact + ", but only " + atMost + " did not come: " + what);
    }

    private static long missed(Node node, Node publisher, String topic) {
        return node.missed(topic, publisher, true) + node.missed(topic, publisher, false);
    }

    private static List<String> delivered(Node node, String mark) {
        return node.delivered().stream().filter(text -> text.startsWith(mark)).toList();
    }

    private static Set<String> missing(Node node, Node publisher, String topic, String mark, Node.Fate fate) {
        Set<String> missing = new HashSet<>();
        publisher.published.forEach((text, became) -> {
            if (text.startsWith(mark) && became == fate) {
                missing.add(text);
            }
        });
        delivered(node, mark).forEach(missing::remove);
        return missing;
    }

    /** Checks that any two nodes received their common messages in the same order. */
    private void oneOrder() {
        for (String topic : TOPICS) {
            for (int other = 1; other < nodes.size(); other++) {
                List<String> here = ofTopic(nodes.get(0), topic);
                List<String> there = ofTopic(nodes.get(other), topic);
                Set<String> both = new HashSet<>(here);
                both.retainAll(new HashSet<>(there));
                assertEquals(
                        here.stream().filter(both::contains).toList(),
                        there.stream().filter(both::contains).toList());
            }
        }
    }

    private static List<String> ofTopic(Node node, String topic) {
        return node.delivered().stream()
                .filter(text -> text.contains("/" + topic + "/"))
                .toList();
    }
}
