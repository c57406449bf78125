package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NodeCountsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static TestRedis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Test
    void countsOfOtherNodesAddUpUnderAnyName() {
        try (TestNode one = TestNode.up("sum", redis.uri());
                TestNode two = TestNode.up("sum", redis.uri())) {
            TestNode three = TestNode.up("sum", redis.uri());
            TestNode.join(one.backplane.publishCounts(Map.of("", 1L, "ä\ud800", 2L, "x", Long.MAX_VALUE), LONG));
            TestNode.join(two.backplane.publishCounts(Map.of("", 10L, "ä\ud800", 20L), LONG));
            TestNode.join(three.backplane.publishCounts(Map.of("", 100L), LONG));
            assertEquals(110, TestNode.join(one.backplane.sumAcrossOtherNodes("")));
            assertEquals(Set.of(two.id, three.id), TestNode.join(one.backplane.otherNodes()));
            assertEquals(22, TestNode.join(three.backplane.sumAcrossOtherNodes("ä\ud800")));
            assertEquals(Long.MAX_VALUE, TestNode.join(two.backplane.sumAcrossOtherNodes("x")));
            assertEquals(0, TestNode.join(two.backplane.sumAcrossOtherNodes("none")));
            TestNode.join(three.backplane.publishCounts(Map.of("y", 5L), LONG));
            assertEquals(10, TestNode.join(one.backplane.sumAcrossOtherNodes("")));
            assertEquals(5, TestNode.join(one.backplane.sumAcrossOtherNodes("y")));
            three.close();
            assertEquals(Set.of(two.id), TestNode.join(one.backplane.otherNodes()));
            assertEquals(0, TestNode.join(one.backplane.sumAcrossOtherNodes("y")));
        }
    }

    @Test
    void manyCountsAreWrittenInBatchesAndOnlyChangesAreWritten() throws IOException {
        Map<String, Long> figures = new HashMap<>();
        for (long i = 0; i < 1_300; i++) {
            figures.put("f" + i, i);
        }
        try (TestNode node = TestNode.up("many", redis.uri())) {
            TestNode.join(node.backplane.publishCounts(figures, LONG));
            String key = "tankws:{many}:lease:" + node.id;
            assertEquals(1_300L, redis.ask("HLEN", key));
            redis.ask("HSET", key, "f7", "4711");
            figures.remove("f8");
            figures.put("f9", 1L);
            TestNode.join(node.backplane.publishCounts(figures, LONG));
            assertEquals(1_299L, redis.ask("HLEN", key));
            assertEquals("1", redis.ask("HGET", key, "f9"));
            // The node does not know of this change, so it does not write the count.
            assertEquals("4711", redis.ask("HGET", key, "f7"));
            assertTrue((Long) redis.ask("PTTL", key) > 0);
            assertTrue((Long) redis.ask("PTTL", "tankws:{many}:nodes") > 0);
            TestNode.join(node.backplane.publishCounts(Map.of(), LONG));
            assertEquals(0L, redis.ask("EXISTS", key));
        }
    }

    @Test
    void countsReturnAfterRedisWasFlushed() throws IOException {
        try (TestNode one = TestNode.up("wiped", redis.uri());
                TestNode two = TestNode.up("wiped", redis.uri())) {
            TestNode.join(one.backplane.publishCounts(Map.of("f", 3L), LONG));
            redis.ask("FLUSHALL");
            assertEquals(0, TestNode.join(two.backplane.sumAcrossOtherNodes("f")));
            TestNode.join(one.backplane.publishCounts(Map.of("f", 3L), LONG));
            assertEquals(3, TestNode.join(two.backplane.sumAcrossOtherNodes("f")));
        }
    }

    @Test
    void countsOfAStoppedNodeExpire() throws IOException {
        try (TestNode one = TestNode.up("lapse", redis.uri());
                TestNode two = TestNode.up("lapse", redis.uri())) {
            TestNode.join(one.backplane.publishCounts(Map.of("f", 3L), Duration.ofMillis(300)));
            TestNode.join(two.backplane.publishCounts(Map.of("f", 4L), LONG));
            Await.until("the lease lapses", () -> TestNode.join(two.backplane.sumAcrossOtherNodes("f")) == 0);
            assertEquals(List.of(two.id), redis.ask("SMEMBERS", "tankws:{lapse}:nodes"));
        }
    }

    @Test
    void theLastOfSeveralCountsIsWritten() throws IOException {
        try (TestNode one = TestNode.up("last", redis.uri());
                TestNode two = TestNode.up("last", redis.uri())) {
            for (long i = 0; i < 100; i++) {
                one.backplane.publishCounts(Map.of("f" + i, i), LONG);
            }
            TestNode.join(one.backplane.publishCounts(Map.of("f", 5L), LONG));
            assertEquals(5, TestNode.join(two.backplane.sumAcrossOtherNodes("f")));
            assertEquals(1L, redis.ask("HLEN", "tankws:{last}:lease:" + one.id));
        }
    }
}
