package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.testkit.Await;
import io.tankws.testkit.FreePort;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentinelTest {
    @Test
    void followsTheMaster() throws IOException {
        TestRedis.assumeServer(7);
        try (TestRedis master = TestRedis.start();
                TestRedis replica =
                        TestRedis.start("replicaof 127.0.0.1 " + master.port(), "repl-diskless-sync-delay 0");
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
                master.kill();
                one.awaitCall("up", 2);
                two.awaitCall("up", 2);
                TestNode.join(two.publish("a", "2"));
                one.awaitMessage("a=2");
                assertEquals(List.of("a=1", "a=2"), one.messages);
                assertEquals(List.of("up", "+a", "down", "+a", "up"), one.calls);
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
