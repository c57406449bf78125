package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.testkit.Await;
import io.tankws.testkit.FreePort;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentinelTest {
    private static final TopicOptions HISTORY =
            TopicOptions.builder().historySize(10).build();

    @Test
    void followsTheMaster() throws IOException {
        TestRedis.assumeServer(7);
        try (TestRedis master = TestRedis.start();
                TestRedis replica = TestRedis.start("replicaof 127.0.0.1 " + master.port());
                TestRedis sentinel = TestRedis.startSentinel(master.port())) {
            // The first sentinel does not run.
            String uri = "redis-sentinel://127.0.0.1:" + FreePort.find() + ",127.0.0.1:" + sentinel.port() + "#tank";
            Await.until(
                    "the sentinel knows the replica",
                    () -> sentinel.text("INFO", "sentinel").contains("slaves=1"));
            Await.until(
                    "the replica is in step",
                    () -> replica.text("INFO", "replication").contains("master_link_status:up"));
            try (TestNode one = TestNode.up("c", uri);
                    TestNode two = TestNode.up("c", uri)) {
                one.subscribe("a");
                TestNode.join(two.publish("a", "1"));
                one.awaitMessage("a=1");
                StreamPosition before = two.append("a", "h1", HISTORY);
                Await.until(
                        "the replica has the publication",
                        () -> replica.text("KEYS", "tankws:c:*:meta:a").contains("meta"));
                master.kill();
                one.awaitCall("up", 2);
                two.awaitCall("up", 2);
                TestNode.join(two.publish("a", "2"));
                one.awaitMessage("a=2");
                assertEquals(List.of("a=1", "a=2"), one.messages);
                assertEquals(List.of("up", "+a", "down", "+a", "up"), one.calls);
                StreamPosition after = one.append("a", "h2", HISTORY);
                assertEquals(2, after.offset());
                assertNotEquals(before.epoch(), after.epoch());
                assertEquals(List.of("h1@1", "h2@2"), two.kept("a"));
            }
        }
    }

    @Test
    void logsInToSentinelsThatRequireIt() throws IOException {
        TestRedis.assumeServer(7);
        try (TestRedis master = TestRedis.start("requirepass s3cret");
                TestRedis sentinel =
                        TestRedis.startSentinel(master.port(), "sentinel auth-pass tank s3cret", "requirepass s3cret");
                TestNode node = TestNode.up("c", "redis-sentinel://:s3cret@127.0.0.1:" + sentinel.port() + "#tank")) {
            node.subscribe("a");
            TestNode.join(node.publish("a", "1"));
            node.awaitMessage("a=1");
        }
    }
}
