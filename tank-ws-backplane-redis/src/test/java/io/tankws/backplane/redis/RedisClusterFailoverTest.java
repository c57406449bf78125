package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.testkit.Await;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisClusterFailoverTest {
    private static final TopicOptions HISTORY =
            TopicOptions.builder().historySize(10).build();

    @Test
    void followsAPromotedReplica() throws IOException {
        TestRedis.assumeServer(7);
        try (TestRedisCluster redis = new TestRedisCluster()) {
            String channel = IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> "t" + i)
                    .filter(name -> TestRedisCluster.masterOf("tankws:c:" + name) == 1
                            && TestRedisCluster.masterOf("tankws:c:t:" + name) == 1)
                    .findFirst()
                    .orElseThrow();
            TestRedis master = redis.masters.get(1);
            TestRedis replica = redis.replicaOf(master);
            // The URI names only the master that will be stopped. The nodes learn the other servers from it.
            String uri = "redis-cluster://127.0.0.1:" + master.port();
            try (TestNode one = TestNode.up("c", uri);
                    TestNode two = TestNode.up("c", uri)) {
                one.subscribe(channel);
                TestNode.join(two.publish(channel, "1"));
                one.awaitMessage(channel + "=1");
                StreamPosition before = two.append(channel, "h1", HISTORY);
                Await.until(
                        "the replica has the publication",
                        () -> replica.text("KEYS", "tankws:c:*:meta:*").contains("meta"));
                master.kill();
                one.awaitCall("down");
                one.awaitCall("up", 2);
                two.awaitCall("up", 2);
                assertTrue(replica.text("INFO", "replication").contains("role:master"));
                TestNode.join(two.publish(channel, "2"));
                one.awaitMessage(channel + "=2");
                assertEquals(List.of(channel + "=1", channel + "=2"), one.messages);
                StreamPosition after = one.append(channel, "h2", HISTORY);
                assertEquals(2, after.offset());
                assertNotEquals(before.epoch(), after.epoch());
                assertEquals(List.of("h1@1", "h2@2"), two.kept(channel));
            }
        }
    }
}
