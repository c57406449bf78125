package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PublishTest {
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
    void everySubscriberReceivesThePublisherIncluded() {
        try (TestNode one = TestNode.up("c", redis.uri());
                TestNode two = TestNode.up("c", redis.uri())) {
            one.subscribe("a");
            two.subscribe("a", "b");
            TestNode.join(one.publish("a", "1"));
            TestNode.join(one.publish("b", "2"));
            one.awaitMessage("a=1");
            two.awaitMessage("b=2");
            assertEquals(List.of("a=1"), one.messages);
            assertEquals(List.of("a=1", "b=2"), two.messages);
            assertEquals(List.of("up", "+a"), one.calls);
        }
    }

    @Test
    void messagesOfSeveralThreadsUnderOneLockComeInOrderAndTogether() throws InterruptedException {
        int count = 10_000;
        try (TestNode one = TestNode.up("c", redis.uri());
                TestNode two = TestNode.up("c", redis.uri())) {
            one.subscribe("a");
            two.subscribe("a");
            List<String> expected = new ArrayList<>();
            List<CompletionStage<Void>> replies = new ArrayList<>();
            Runnable publisher = () -> {
                for (int i = 0; i < count / 4; i++) {
                    synchronized (expected) {
                        expected.add("a=" + expected.size());
                        replies.add(one.publish("a", "" + (expected.size() - 1)));
                    }
                }
            };
            List<Thread> threads =
                    IntStream.range(0, 4).mapToObj(i -> new Thread(publisher)).toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            replies.forEach(TestNode::join);
            Await.until("all have come", () -> two.messages.size() == count && one.messages.size() == count);
            assertEquals(expected, one.messages);
            assertEquals(expected, two.messages);
            Await.until("the last read is over", () -> two.reads() > 0);
            assertTrue(two.reads() < count / 2, "reads: " + two.reads());
        }
    }

    @Test
    void clustersOfOneRedisDoNotReceiveMessagesOfEachOther() throws IOException {
        try (TestNode one = TestNode.up("c", redis.uri());
                TestNode two = TestNode.up("c.d", redis.uri())) {
            one.subscribe("a", "d:a");
            two.subscribe("a");
            TestNode.join(one.backplane.publishCounts(Map.of("f", 3L), Duration.ofMinutes(1)));
            TestNode.join(one.publish("a", "1"));
            TestNode.join(one.publish("d:a", "1"));
            TestNode.join(two.publish("a", "2"));
            one.awaitMessage("d:a=1");
            two.awaitMessage("a=2");
            assertEquals(List.of("a=1", "d:a=1"), one.messages);
            assertEquals(List.of("a=2"), two.messages);
            assertEquals(0, TestNode.join(two.backplane.sumAcrossOtherNodes("f")));
        }
    }

    @Test
    void channelsAreAnyText() {
        List<String> names = List.of("", "ä€😀", "\ud800", "?", "{a}", "a b\n\0", "\udc00\ud800x");
        try (TestNode node = TestNode.up("c", redis.uri())) {
            names.forEach(node::subscribe);
            names.forEach(name -> TestNode.join(node.publish(name, "1")));
            Await.until("all come", () -> node.messages.size() == names.size());
            assertEquals(names.stream().map(name -> name + "=1").toList(), node.messages);
        }
    }

    @Test
    void theLastRequestForAChannelDecides() {
        try (TestNode node = TestNode.up("c", redis.uri())) {
            List<CompletableFuture<Void>> replies = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                node.want("on");
                node.backplane.unsubscribe("on");
                node.want("on");
                node.want("off");
                node.backplane.unsubscribe("off");
                replies.add(node.publish("x", "y").toCompletableFuture());
            }
            replies.forEach(CompletableFuture::join);
            node.subscribe("last");
            TestNode.join(node.publish("off", "1"));
            TestNode.join(node.publish("on", "1"));
            TestNode.join(node.publish("last", "1"));
            node.awaitMessage("last=1");
            assertEquals(List.of("on=1", "last=1"), node.messages);
        }
    }

    @Test
    void aRepeatedSubscriptionIsReported() {
        try (TestNode node = TestNode.up("c", redis.uri())) {
            node.subscribe("x");
            for (int i = 0; i < 500; i++) {
                // While a batch is in flight, both requests for the other channel wait.
                node.want("batch" + i);
                node.backplane.unsubscribe("x");
                AtomicBoolean heard = new AtomicBoolean();
                node.backplane.subscribe("x", () -> heard.set(true));
                Await.until("the channel is heard", heard::get);
                String message = "m" + i;
                TestNode.join(node.publish("x", message));
                node.awaitMessage("x=" + message);
            }
        }
    }

    @Test
    void closeLeavesNoThreadAndNoKey() throws IOException {
        TestNode node = TestNode.up("gone", redis.uri());
        TestNode.join(node.backplane.publishCounts(Map.of("f", 3L), Duration.ofMinutes(1)));
        assertEquals(List.of(node.id), redis.ask("SMEMBERS", "tankws:{gone}:nodes"));
        node.close();
        assertEquals(
                List.of(),
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("test-" + node.id))
                        .toList());
        assertEquals(List.of(), redis.ask("KEYS", "tankws:{gone}*"));
        assertEquals(
                BackplaneException.Reason.UNREACHABLE,
                TestNode.failure(node.publish("a", "b")).reason());
        node.close();
    }
}
