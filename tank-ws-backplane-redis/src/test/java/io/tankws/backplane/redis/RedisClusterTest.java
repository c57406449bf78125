package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.cluster.SlotHash;
import io.tankws.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisClusterTest {
    private static TestRedisCluster redis;

    @BeforeAll
    static void start() throws IOException {
        TestRedis.assumeServer(7);
        redis = new TestRedisCluster();
    }

    @AfterAll
    static void stop() throws IOException {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void channelsSpreadOverTheServers() {
        List<String> channels = IntStream.range(0, 700).mapToObj(i -> "t" + i).toList();
        try (TestNode one = TestNode.up("c", redis.uri());
                TestNode two = TestNode.up("c", redis.uri())) {
            channels.forEach(one::want);
            channels.forEach(channel -> one.awaitCall("+" + channel));
            channels.forEach(channel -> TestNode.join(two.publish(channel, "1")));
            Await.until("all come", () -> one.messages.size() == channels.size());
            assertEquals(channels.size(), one.messages.stream().distinct().count());
            for (TestRedis master : redis.masters) {
                int count = master.text("PUBSUB", "SHARDCHANNELS").split(",").length;
                assertTrue(count > 100, "channels of one server: " + count);
            }
            channels.forEach(one.backplane::unsubscribe);
            Await.until(
                    "only probes are left",
                    () -> redis.masters.stream()
                            .noneMatch(master -> master.text("PUBSUB", "SHARDCHANNELS", "tankws:c:*")
                                    .contains("t")));
            assertEquals(0, one.count("down"));
        }
    }

    @Test
    void aNodeOfARedisClusterIsRejectedAsASingleServer() {
        try (TestNode node = new TestNode("c", redis.masters.get(0).uri())) {
            node.awaitCause("redis-cluster://");
            assertEquals(0, node.count("up"));
        }
    }

    @Test
    void countsOfAllNodesAreInOneSlot() {
        try (TestNode one = TestNode.up("c", redis.uri());
                TestNode two = TestNode.up("c", redis.uri())) {
            TestNode.join(one.backplane.publishCounts(Map.of("f", 3L, "", 1L), Duration.ofMinutes(1)));
            TestNode.join(two.backplane.publishCounts(Map.of("f", 4L), Duration.ofMinutes(1)));
            assertEquals(3, TestNode.join(two.backplane.sumAcrossOtherNodes("f")));
            assertEquals(4, TestNode.join(one.backplane.sumAcrossOtherNodes("f")));
        }
    }

    @Test
    void followsAMovedSlot() throws IOException {
        try (TestNode node = TestNode.up("c", redis.uri())) {
            node.subscribe("moving");
            int slot = SlotHash.getSlot("tankws:c:moving");
            int from = TestRedisCluster.masterOf("tankws:c:moving");
            TestRedis target = redis.masters.get((from + 1) % TestRedisCluster.MASTERS);
            String id = target.text("CLUSTER", "MYID");
            assertEquals("OK", target.ask("CLUSTER", "SETSLOT", "" + slot, "NODE", id));
            assertEquals("OK", redis.masters.get(from).ask("CLUSTER", "SETSLOT", "" + slot, "NODE", id));
            node.awaitCall("down");
            node.awaitCall("up", 2);
            Await.until("it is heard where it is now", () -> {
                TestNode.join(node.publish("moving", "1").exceptionally(failure -> null));
                return node.messages.contains("moving=1");
            });
        }
    }

    @Test
    void aStoppedServerDisconnectsTheNode() throws IOException {
        try (TestNode node = TestNode.up("c", redis.uri())) {
            node.subscribe("a");
            redis.masters.get(2).kill();
            node.awaitCall("down");
            redis.masters.get(2).startAgain();
            node.awaitCall("up", 2);
            TestNode.join(node.publish("a", "1"));
            node.awaitMessage("a=1");
        }
    }
}
