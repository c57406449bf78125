package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.cluster.SlotHash;
import io.tankws.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisClusterTest {
    private static final int MASTERS = 3;
    private static final List<TestRedis> REDIS = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        TestRedis.assumeServer(7);
        List<Integer> busPorts = new ArrayList<>();
        for (int i = 0; i < MASTERS; i++) {
            busPorts.add(TestRedis.freePort());
            REDIS.add(TestRedis.start(
                    "cluster-enabled yes", "cluster-node-timeout 2000", "cluster-port " + busPorts.get(i)));
        }
        for (int i = 0; i < MASTERS; i++) {
            String first = "" + i * SlotHash.SLOT_COUNT / MASTERS;
            String last = "" + ((i + 1) * SlotHash.SLOT_COUNT / MASTERS - 1);
            assertEquals("OK", REDIS.get(i).ask("CLUSTER", "ADDSLOTSRANGE", first, last));
            assertEquals("OK", REDIS.get(i).ask("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1)));
            assertEquals(
                    "OK",
                    REDIS.get(0)
                            .ask(
                                    "CLUSTER",
                                    "MEET",
                                    "127.0.0.1",
                                    "" + REDIS.get(i).port(),
                                    "" + busPorts.get(i)));
        }
        for (TestRedis redis : REDIS) {
            Await.until(
                    "the cluster is whole", () -> redis.text("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        for (TestRedis redis : REDIS) {
            redis.close();
        }
    }

    private static String uri() {
        return "redis-cluster://127.0.0.1:" + REDIS.get(0).port() + ",127.0.0.1:"
                + REDIS.get(1).port();
    }

    @Test
    void channelsSpreadOverTheServers() {
        List<String> channels = IntStream.range(0, 700).mapToObj(i -> "t" + i).toList();
        try (TestNode one = TestNode.up("c", uri());
                TestNode two = TestNode.up("c", uri())) {
            channels.forEach(one::want);
            channels.forEach(channel -> one.awaitTold("+" + channel));
            channels.forEach(channel -> TestNode.join(two.publish(channel, "1")));
            Await.until("all come", () -> one.messages.size() == channels.size());
            assertEquals(channels.size(), one.messages.stream().distinct().count());
            for (TestRedis redis : REDIS) {
                int count = redis.text("PUBSUB", "SHARDCHANNELS").split(",").length;
                assertTrue(count > 100, "channels of one server: " + count);
            }
            channels.forEach(one.backplane::unsubscribe);
            Await.until(
                    "only probes are left",
                    () -> REDIS.stream()
                            .noneMatch(redis -> redis.text("PUBSUB", "SHARDCHANNELS", "tankws:c:*")
                                    .contains("t")));
            assertEquals(0, one.count("down"));
        }
    }

    @Test
    void figuresOfAllAreInOneSlot() {
        try (TestNode one = TestNode.up("c", uri());
                TestNode two = TestNode.up("c", uri())) {
            TestNode.join(one.backplane.lease(Map.of("f", 3L, "", 1L), Duration.ofMinutes(1)));
            TestNode.join(two.backplane.lease(Map.of("f", 4L), Duration.ofMinutes(1)));
            assertEquals(3, TestNode.join(two.backplane.sumOfOthers("f")));
            assertEquals(4, TestNode.join(one.backplane.sumOfOthers("f")));
        }
    }

    @Test
    void aSlotThatMovesIsFollowed() throws IOException {
        try (TestNode node = TestNode.up("c", uri())) {
            node.subscribe("moving");
            int slot = SlotHash.getSlot("tankws:c:moving");
            int from = IntStream.range(0, MASTERS)
                    .filter(i -> slot < (i + 1) * SlotHash.SLOT_COUNT / MASTERS)
                    .findFirst()
                    .orElseThrow();
            TestRedis target = REDIS.get((from + 1) % MASTERS);
            String id = target.text("CLUSTER", "MYID");
            assertEquals("OK", target.ask("CLUSTER", "SETSLOT", "" + slot, "NODE", id));
            assertEquals("OK", REDIS.get(from).ask("CLUSTER", "SETSLOT", "" + slot, "NODE", id));
            node.awaitTold("down");
            node.awaitTold("up", 2);
            Await.until("it is heard where it is now", () -> {
                TestNode.join(node.publish("moving", "1").exceptionally(failure -> null));
                return node.messages.contains("moving=1");
            });
        }
    }

    @Test
    void aServerThatIsGoneTakesTheNodeDown() throws IOException {
        try (TestNode node = TestNode.up("c", uri())) {
            node.subscribe("a");
            REDIS.get(2).kill();
            node.awaitTold("down");
            REDIS.get(2).startAgain();
            node.awaitTold("up", 2);
            TestNode.join(node.publish("a", "1"));
            node.awaitMessage("a=1");
        }
    }
}
