package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException.Reason;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.FaultProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconnectTest {
    @Test
    void reconnectsAfterARestartOfRedis() throws IOException {
        try (TestRedis redis = TestRedis.start();
                TestNode node = TestNode.up("c", redis.uri())) {
            node.subscribe("a");
            List<String> channels =
                    IntStream.range(0, 1_500).mapToObj(i -> "t" + i).toList();
            channels.forEach(node::want);
            channels.forEach(channel -> node.awaitCall("+" + channel));
            TestNode.join(node.publish("a", "1"));
            node.awaitMessage("a=1");
            redis.kill();
            node.awaitCall("down");
            assertEquals(
                    Reason.UNREACHABLE, TestNode.failure(node.publish("a", "2")).reason());
            assertEquals(
                    Reason.UNREACHABLE,
                    TestNode.failure(node.backplane.sumAcrossOtherNodes("a")).reason());
            node.backplane.unsubscribe("t3");
            node.want("meanwhile");
            redis.startAgain();
            node.awaitCall("up", 2);
            // All channels were subscribed in batches before the connection was reported.
            int up = node.calls.lastIndexOf("up");
            assertEquals(1_501, new HashSet<>(node.calls.subList(node.calls.indexOf("down") + 1, up)).size());
            assertEquals(1, node.count("down"));
            assertEquals(1, node.count("+t3"));
            TestNode.join(node.publish("a", "3"));
            TestNode.join(node.publish("t1499", "4"));
            TestNode.join(node.publish("meanwhile", "5"));
            node.awaitMessage("meanwhile=5");
            assertEquals(List.of("a=1", "a=3", "t1499=4", "meanwhile=5"), node.messages);
        }
    }

    @Test
    void aReleasedChannelDelaysNoOtherChannel() throws IOException {
        try (TestRedis redis = TestRedis.start();
                TestNode node = TestNode.up("c", redis.uri())) {
            redis.kill();
            node.awaitCall("down");
            AtomicBoolean first = new AtomicBoolean(true);
            for (int i = 0; i < 5_000; i++) {
                // Most channels are in later batches.
                String channel = "t" + i;
                node.backplane.subscribe(channel, () -> {
                    node.calls.add("+" + channel);
                    if (first.getAndSet(false)) {
                        IntStream.range(100, 5_000).forEach(j -> node.backplane.unsubscribe("t" + j));
                    }
                });
            }
            redis.startAgain();
            node.awaitCall("up", 2);
            Await.until(
                    "only what is wanted is heard",
                    () -> redis.text("PUBSUB", "CHANNELS", "tankws:c:t*").split(",").length == 100);
            TestNode.join(node.publish("t4999", "1"));
            TestNode.join(node.publish("t99", "2"));
            node.awaitMessage("t99=2");
            assertEquals(List.of("t99=2"), node.messages);
            assertEquals(1, node.count("+t0"), "the subscriptions start again");
        }
    }

    @Test
    void anUnreachableRedisIsReportedOnce() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            redis.kill();
            try (TestNode node = new TestNode("c", redis.uri())) {
                node.want("a");
                node.awaitCall("down");
                redis.startAgain();
                node.awaitCall("up");
                assertEquals(List.of("down", "+a", "up"), node.calls);
            }
        }
    }

    @Test
    void silenceIsDetectedAndFollowedByReconnection() throws IOException {
        try (TestRedis redis = TestRedis.start();
                FaultProxy proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", redis.port()));
                TestNode node =
                        TestNode.up("c", "redis://127.0.0.1:" + proxy.address().getPort())) {
            node.subscribe("a");
            proxy.downstream(Fault.after(0, Fault.End.BLACK_HOLE));
            CompletionStage<Void> lost = node.publish("a", "1");
            node.awaitCall("down");
            assertEquals(Reason.UNCERTAIN, TestNode.failure(lost).reason());
            assertTrue(node.since.compareTo(Duration.ofSeconds(1)) > 0, "since " + node.since);
            proxy.downstream(Fault.none());
            node.awaitCall("up", 2);
            TestNode.join(node.publish("a", "2"));
            node.awaitMessage("a=2");
            assertEquals(List.of("a=2"), node.messages);
            assertEquals(List.of("up", "+a", "down", "+a", "up"), node.calls);
        }
    }

    /** Probes return, but no publish command is answered. */
    @Test
    void aConnectionWithoutRepliesIsNotAccepted() throws IOException {
        try (TestRedis redis = TestRedis.start();
                FaultProxy proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", redis.port()));
                TestNode node =
                        TestNode.up("c", "redis://127.0.0.1:" + proxy.address().getPort())) {
            proxy.connection(0, Fault.none(), Fault.after(0, Fault.End.BLACK_HOLE));
            node.awaitCall("down");
            node.awaitCall("up", 2);
            TestNode.join(node.publish("a", "1"));
        }
    }

    /** Acknowledged subscriptions count as progress and must not hide a lost probe. */
    @Test
    void aLostProbeDuringTheStartIsDetected() throws IOException {
        try (TestRedis redis = TestRedis.start();
                FaultProxy proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", redis.port()));
                TestNode node =
                        new TestNode("c", "redis://127.0.0.1:" + proxy.address().getPort())) {
            AtomicInteger connected = new AtomicInteger();
            node.backplane.subscribe("a", () -> {
                if (connected.getAndIncrement() == 0) {
                    proxy.connection(0, Fault.after(0, Fault.End.BLACK_HOLE), Fault.none());
                }
            });
            Await.until("it comes up all the same", () -> {
                node.want("churn" + node.calls.size());
                return node.count("up") == 1;
            });
            assertEquals(2, connected.get());
        }
    }

    @Test
    void aListenerThatThrowsDoesNotEndTheSession() throws IOException {
        try (TestRedis redis = TestRedis.start();
                TestNode node = new TestNode("c", redis.uri()) {
                    @Override
                    public void onDisconnected(Throwable cause, Duration since) {
                        super.onDisconnected(cause, since);
                        throw new OutOfMemoryError("of this test");
                    }
                }) {
            node.awaitCall("up");
            redis.kill();
            node.awaitCall("down");
            redis.startAgain();
            node.awaitCall("up", 2);
        }
    }

    @Test
    void aClosedConnectionFailsCommandsInFlight() throws IOException {
        try (TestRedis redis = TestRedis.start();
                FaultProxy proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", redis.port()));
                TestNode node =
                        TestNode.up("c", "redis://127.0.0.1:" + proxy.address().getPort())) {
            node.subscribe("a");
            proxy.downstream(Fault.after(0, Fault.End.RESET));
            node.awaitCall("down");
            Await.until(
                    "a publication fails",
                    () -> node.publish("a", "1").toCompletableFuture().isCompletedExceptionally());
            proxy.downstream(Fault.none());
            node.awaitCall("up", 2);
        }
    }

    @Test
    void closeReturnsWhileRedisDoesNotAnswer() throws IOException {
        try (TestRedis redis = TestRedis.start();
                FaultProxy proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", redis.port()))) {
            TestNode node =
                    TestNode.up("c", "redis://127.0.0.1:" + proxy.address().getPort());
            proxy.downstream(Fault.after(0, Fault.End.BLACK_HOLE));
            CompletionStage<Void> lost = node.publish("a", "1");
            node.backplane.close(Duration.ofMillis(100));
            assertTrue(lost.toCompletableFuture().isCompletedExceptionally());
            assertEquals(0, node.count("down"));
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("test-" + node.id)));
        }
    }
}
