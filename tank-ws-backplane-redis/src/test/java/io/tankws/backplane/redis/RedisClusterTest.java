package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.cluster.SlotHash;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
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
    void theHistoriesOfAllTopicsAreOnTheServersOfTheirChannels() {
        TopicOptions options = TopicOptions.builder().historySize(10).build();
        PublishOptions key = PublishOptions.builder().idempotencyKey("k").build();
        List<String> topics = IntStream.range(0, 30)
                .mapToObj(i -> List.of("h", "{h}", "h{}", "}h{").get(i % 4) + i)
                .toList();
        try (TestNode one = TestNode.up("c", redis.uri());
                TestNode two = TestNode.up("c", redis.uri())) {
            for (String topic : topics) {
                one.want("t:" + topic);
                one.awaitCall("+t:" + topic);
                StreamPosition top = one.top(topic);
                Publication publication =
                        Publication.builder(topic, Payload.text("1")).build();
                for (TestNode node : List.of(one, two)) {
                    AppendResult result =
                            TestNode.join(node.history().append(publication, options, key, "t:" + topic, new byte[0]));
                    assertEquals(new StreamPosition(top.epoch(), 1), result.position());
                }
                assertEquals(new StreamPosition(top.epoch(), 2), two.append(topic, "2", options));
                two.append(topic, "not kept", TopicOptions.NONE);
                one.awaitMessage("t:" + topic + "=not kept@0");
                assertEquals(List.of("1@1", "2@2"), one.kept(topic));
                assertEquals(
                        List.of("1@1", "2@2", "not kept@0"),
                        one.messages.stream()
                                .filter(message -> message.startsWith("t:" + topic + "="))
                                .map(message -> message.substring(("t:" + topic + "=").length()))
                                .toList());
                TestNode.join(one.history().remove(topic));
                assertEquals(List.of(), two.kept(topic));
            }
            for (TestRedis master : redis.masters) {
                assertTrue(master.text("KEYS", "tankws:c:*:meta:*").contains("meta"));
            }
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
