package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tankws.HistoryQuery;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.testkit.Await;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Histories when another server, or another run of the same server, takes over. */
class RedisHistoryFailoverTest {
    private static final TopicOptions TEN =
            TopicOptions.builder().historySize(10).build();

    @BeforeAll
    static void checkVersion() throws IOException {
        TestRedis.assumeServer(7);
    }

    private static TestRedis startReplica(TestRedis master) throws IOException {
        TestRedis replica = TestRedis.start("replicaof 127.0.0.1 " + master.port());
        awaitInStep(master, replica);
        return replica;
    }

    private static void awaitInStep(TestRedis master, TestRedis replica) {
        Await.until(
                "the replica is in step",
                () -> replica.text("INFO", "replication").contains("master_link_status:up")
                        && offset(replica, "slave_repl_offset").equals(offset(master, "master_repl_offset")));
    }

    private static String offset(TestRedis redis, String field) {
        return redis.text("INFO", "replication").replaceAll("(?s).*" + field + ":(\\d+).*", "$1");
    }

    /** Requires that a topic continues after an offset in another epoch, on which every node agrees. */
    private static void assertNewEpoch(TestRedis redis, String topic, StreamPosition old, long offset) {
        try (TestNode one = TestNode.up("c", redis.uri());
                TestNode two = TestNode.up("c", redis.uri())) {
            StreamPosition top = one.top(topic);
            assertNotEquals(old.epoch(), top.epoch());
            assertEquals(offset, top.offset());
            assertEquals(
                    new UnknownPosition(UnknownPosition.Reason.OTHER_EPOCH, top),
                    TestNode.join(one.history().read(topic, HistoryQuery.since(old))));
            assertEquals(new StreamPosition(top.epoch(), offset + 1), two.append(topic, "next", TEN));
            assertEquals(new StreamPosition(top.epoch(), offset + 2), one.append(topic, "next", TEN));
        }
    }

    @Test
    void aReplicaWithoutTheLastPublicationsBeginsANewEpoch() throws IOException {
        try (TestRedis master = TestRedis.start();
                TestRedis replica = startReplica(master)) {
            StreamPosition lost;
            StreamPosition untouched;
            StreamPosition begun;
            try (TestNode node = TestNode.up("c", master.uri())) {
                node.append("a", "1", TEN);
                untouched = node.append("b", "1", TEN);
                begun = node.top("c");
                awaitInStep(master, replica);
                assertEquals("OK", replica.ask("REPLICAOF", "NO", "ONE"));
                lost = node.append("a", "lost", TEN);
                // The first publication takes the epoch that the replica still offers.
                assertEquals(new StreamPosition(begun.epoch(), 1), node.append("c", "lost", TEN));
            }
            assertNewEpoch(replica, "a", lost, 1);
            assertNewEpoch(replica, "b", untouched, 1);
            assertNewEpoch(replica, "c", begun, 0);
            try (TestNode node = TestNode.up("c", replica.uri())) {
                assertEquals(List.of("1@1", "next@2", "next@3"), node.kept("a"));
                assertEquals(List.of("next@1", "next@2"), node.kept("c"));
            }
        }
    }

    /** The process is the same, and no node has touched the topic while the other server was the master. */
    @Test
    void aServerThatIsTheMasterAgainBeginsANewEpoch() throws IOException {
        try (TestRedis first = TestRedis.start();
                TestRedis second = startReplica(first)) {
            StreamPosition lost;
            try (TestNode node = TestNode.up("c", first.uri())) {
                node.append("a", "1", TEN);
                awaitInStep(first, second);
                assertEquals("OK", second.ask("REPLICAOF", "NO", "ONE"));
                lost = node.append("a", "lost", TEN);
            }
            assertEquals("OK", first.ask("REPLICAOF", "127.0.0.1", "" + second.port()));
            awaitInStep(second, first);
            assertEquals("OK", first.ask("REPLICAOF", "NO", "ONE"));
            assertNewEpoch(first, "a", lost, 1);
        }
    }

    @Test
    void aRestartWithItsDataBeginsANewEpochAndKeepsThePublications() throws IOException {
        try (TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always")) {
            StreamPosition last;
            try (TestNode node = TestNode.up("c", redis.uri())) {
                node.append("a", "1", TEN);
                last = node.append("a", "2", TEN);
                redis.kill();
                node.awaitCall("down");
                redis.startAgain();
                node.awaitCall("up", 2);
                assertEquals(List.of("1@1", "2@2"), node.kept("a"));
            }
            assertNewEpoch(redis, "a", last, 2);
        }
    }

    @Test
    void aRestartWithoutDataBeginsANewEpoch() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            StreamPosition last;
            try (TestNode node = TestNode.up("c", redis.uri())) {
                last = node.append("a", "1", TEN);
                redis.kill();
                node.awaitCall("down");
                redis.startAgain();
                node.awaitCall("up", 2);
                assertEquals(0, node.top("a").offset());
            }
            assertNewEpoch(redis, "a", last, 0);
        }
    }

    /** A master without replicas for an hour changes its replication id. Nodes connected before know the old one. */
    @Test
    void nodesThatKnowAnotherReplicationIdAgreeOnOneNewEpoch() throws IOException {
        try (TestRedis redis = TestRedis.start("enable-debug-command yes");
                TestNode before = TestNode.up("c", redis.uri())) {
            StreamPosition first = before.append("a", "1", TEN);
            assertEquals("OK", redis.ask("DEBUG", "CHANGE-REPL-ID"));
            assertEquals(new StreamPosition(first.epoch(), 2), before.append("a", "2", TEN));
            try (TestNode after = TestNode.up("c", redis.uri())) {
                StreamPosition third = after.append("a", "3", TEN);
                assertEquals(3, third.offset());
                for (int offset = 4; offset < 10; offset += 2) {
                    assertEquals(new StreamPosition(third.epoch(), offset), before.append("a", "x", TEN));
                    assertEquals(new StreamPosition(third.epoch(), offset + 1), after.append("a", "x", TEN));
                }
                // A topic that the earlier node begins keeps its epoch, too.
                StreamPosition begun = before.append("b", "1", TEN);
                assertEquals(new StreamPosition(begun.epoch(), 2), after.append("b", "2", TEN));
            }
        }
    }
}
