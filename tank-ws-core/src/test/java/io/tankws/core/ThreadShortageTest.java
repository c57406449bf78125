package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.ClusterConfig;
import io.tankws.ErrorCode;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.cluster.ClusterNode;
import io.tankws.core.cluster.TestBackplane;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.core.concurrent.StageCallbackExecutor;
import io.tankws.core.concurrent.ThreadStarter;
import io.tankws.core.concurrent.Ticker;
import io.tankws.core.config.HeartbeatConfig;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.manager.ManagerLifecycle;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.AudienceState;
import io.tankws.core.routing.FanoutScheduler;
import io.tankws.core.session.ClientSession;
import io.tankws.core.session.Housekeeper;
import io.tankws.core.session.Inbox;
import io.tankws.core.support.FakeAudience;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.NoThreads;
import io.tankws.core.support.Shortage;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Parts that need a thread while none can be started work again when threads are available, and lose nothing. */
class ThreadShortageTest {
    private static final MessageBatch BATCH = MessageBatch.of(Message.text("message"));

    private final NoThreads threads = new NoThreads();

    private static void send(FanoutScheduler fanout, FakeAudience audience) {
        // The sender must differ from the last one.
        AudienceState.forgetSender(audience);
        fanout.send(audience, BATCH, null, new Object());
    }

    @Test
    void sendersFlushWhileTheFanoutHasNoThread() throws InterruptedException {
        FanoutScheduler fanout = new FanoutScheduler("test", threads);
        FakeAudience audience = new FakeAudience();
        IntStream.range(0, 100).forEach(i -> send(fanout, audience));
        assertEquals(100, audience.flushes.get());
        assertEquals(Thread.currentThread(), audience.lastThread);
        assertFalse(audience.isFlushing());
        assertFalse(audience.isFlushRequested());

        threads.exhausted = false;
        send(fanout, audience);
        while (audience.flushes.get() < 101 || audience.lastThread == Thread.currentThread()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        fanout.end();
    }

    @Test
    void aFlushRequestDuringAFlushIsServedByTheSameThread() {
        FanoutScheduler fanout = new FanoutScheduler("test", threads);
        FakeAudience audience = new FakeAudience();
        audience.duringFlush = () -> {
            if (audience.flushes.get() <= 5) {
                send(fanout, audience);
            }
        };
        send(fanout, audience);
        assertEquals(6, audience.flushes.get());
        assertFalse(audience.isFlushing());
        assertFalse(audience.isFlushRequested());
    }

    @Test
    void aFlushThatThrowsWithoutAThreadLeavesNothingBehind() throws InterruptedException {
        FanoutScheduler fanout = new FanoutScheduler("test", threads);
        FakeAudience audience = new FakeAudience();
        audience.duringFlush = () -> {
            throw new OutOfMemoryError("of this test");
        };
        assertThrows(OutOfMemoryError.class, () -> send(fanout, audience));
        assertFalse(audience.isFlushing());
        assertFalse(audience.isFlushRequested());
        audience.duringFlush = () -> {};
        threads.exhausted = false;
        send(fanout, audience);
        while (audience.flushes.get() < 2) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        fanout.end();
    }

    @Test
    void callsThatDependOnAPublishWaitForAThread() throws InterruptedException {
        StageCallbackExecutor calls = new StageCallbackExecutor(threads::tryExecute, () -> false);
        BlockingQueue<String> ran = new LinkedBlockingQueue<>();
        CompletableFuture<Void> stage = new CallbackStage<>(calls);
        stage.thenRun(() -> ran.add("first"));
        stage.thenRun(() -> ran.add("second"));
        stage.complete(null);
        assertEquals(2, calls.underWay());
        calls.check();
        assertEquals(2, calls.underWay());
        assertTrue(ran.isEmpty());

        threads.exhausted = false;
        calls.check();
        assertEquals(Set.of("first", "second"), Set.of(take(ran), take(ran)));
        calls.execute(() -> ran.add("third"));
        assertEquals("third", take(ran));
        while (calls.underWay() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void aMessageThatFoundNoThreadIsHandledWithTheNext() throws InterruptedException {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        ManagerContext context = ManagerContexts.newContext(
                OverflowPolicy.DISCONNECT,
                (client, message) -> handled.add(((Message.Text) message).text()),
                limits -> {});
        FakeConnection connection = new FakeConnection();
        Inbox inbox = new Inbox(ManagerContexts.open(context, "u", connection), connection, context, threads);
        assertThrows(OutOfMemoryError.class, () -> inbox.offer(Message.text("first")));
        threads.exhausted = false;
        inbox.offer(Message.text("second"));
        assertEquals("first", take(handled));
        assertEquals("second", take(handled));
    }

    @Test
    void aManagerThatFoundNoThreadStartsAtTheNextCall() {
        ManagerContext context = ManagerContexts.newContext();
        Housekeeper housekeeper = new Housekeeper(
                "test", context.registry, context.config.clientLimits(), Duration.ofSeconds(10), List.of(), threads);
        ManagerLifecycle lifecycle = new ManagerLifecycle("test", context, housekeeper);
        assertThrows(OutOfMemoryError.class, lifecycle::start);
        assertFalse(lifecycle.isRunning());
        threads.exhausted = false;
        lifecycle.start();
        assertTrue(lifecycle.isRunning());
        assertEquals(1, threads.started.get());
        lifecycle.shutdown(Duration.ZERO);
        assertFalse(lifecycle.isRunning());
    }

    @Test
    void aNodeThatFoundNoThreadHasNotTouchedItsBackplane() throws InterruptedException {
        AtomicInteger starts = new AtomicInteger();
        Backplane backplane = (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start")) {
                        starts.incrementAndGet();
                    }
                    if (method.getReturnType() == Optional.class) {
                        return Optional.empty();
                    }
                    return method.getReturnType() == void.class ? null : CompletableFuture.completedStage(null);
                });
        ClusterNode node = new ClusterNode(
                ManagerContexts.newContext().nodeContext(),
                ClusterConfig.of("test", "test:x"),
                new TestBackplane(backplane),
                threads);
        assertThrows(OutOfMemoryError.class, node::start);
        assertEquals(0, starts.get());
        threads.exhausted = false;
        node.start();
        assertEquals(1, starts.get());
        assertEquals(1, threads.started.get());
        node.close(Duration.ZERO);
    }

    @Test
    void roundsGoOnAfterOneThatThrows() throws InterruptedException {
        threads.exhausted = false;
        BlockingQueue<Integer> rounds = new LinkedBlockingQueue<>();
        AtomicInteger count = new AtomicInteger();
        Ticker ticker = new Ticker(
                "test",
                () -> {
                    int round = count.incrementAndGet();
                    rounds.add(round);
                    Thread.currentThread().interrupt();
                    if (round < 3) {
                        throw new OutOfMemoryError("of this test");
                    }
                    return 1000;
                },
                threads);
        ticker.start();
        ticker.start();
        for (int i = 1; i <= 5; i++) {
            assertEquals(i, rounds.poll(10, TimeUnit.SECONDS));
        }
        ticker.stop();
        assertEquals(1, threads.started.get());
    }

    /** A session that cannot be checked must not keep other sessions from their deadlines. */
    @Test
    void theHousekeeperChecksTheSessionsBesideOneThatThrows() throws InterruptedException {
        ManagerContext context = ManagerContexts.newContext(OverflowPolicy.DISCONNECT, null, limits -> {});
        FakeConnection bad = new FakeConnection() {
            @Override
            public boolean write(List<Frame> frames, WriteCallback callback) {
                throw new OutOfMemoryError("of this test");
            }
        };
        CountDownLatch pings = new CountDownLatch(3);
        FakeConnection good = new FakeConnection() {
            @Override
            public boolean write(List<Frame> frames, WriteCallback callback) {
                pings.countDown();
                return super.write(frames, callback);
            }
        };
        ManagerContexts.open(context, "bad", bad);
        ManagerContexts.open(context, "good", good);
        Housekeeper housekeeper = new Housekeeper(
                "test",
                context.registry,
                ClientLimits.defaults(),
                Duration.ofSeconds(10),
                List.of(),
                ThreadStarter.DAEMONS);
        housekeeper.heartbeat(HeartbeatConfig.of(Duration.ofMillis(10), Duration.ofSeconds(60)));
        housekeeper.start();
        assertTrue(pings.await(30, TimeUnit.SECONDS));
        housekeeper.stop();
        assertEquals(0, good.aborts);
        assertFalse(context.counters.errors().containsKey(ErrorCode.HEARTBEAT_FAILED));
    }

    private static String take(BlockingQueue<String> queue) throws InterruptedException {
        return queue.poll(10, TimeUnit.SECONDS);
    }

    /** A runner that waits in the pool for a thread must not keep the calls when no thread will come. */
    @Test
    void callsThatNeverFoundAThreadRunAtTheEnd() {
        Shortage shortage = new Shortage().begin();
        CallbackExecutor users = new CallbackExecutor("test", 4, shortage.apply("test"), null);
        StageCallbackExecutor calls = new StageCallbackExecutor(users);
        List<String> ran = new ArrayList<>();
        calls.execute(() -> ran.add("first"));
        calls.execute(() -> ran.add("second"));
        users.shutdown(Duration.ZERO);
        users.interrupt();
        assertEquals(List.of(), ran);
        calls.finish();
        assertEquals(List.of("first", "second"), ran);
        assertEquals(0, calls.underWay());
    }

    /** The stages of publishes must complete, and the shutdown of the manager must continue. */
    @Test
    void aBackplaneThatThrowsWhenClosedDoesNotKeepTheNodeFromItsEnd() throws InterruptedException {
        threads.exhausted = false;
        Backplane backplane = (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        throw new InternalError("of this test");
                    }
                    if (method.getReturnType() == Optional.class) {
                        return Optional.empty();
                    }
                    return method.getReturnType() == void.class ? null : new CompletableFuture<>();
                });
        ClusterNode node = new ClusterNode(
                ManagerContexts.newContext().nodeContext(),
                ClusterConfig.of("test", "test:x"),
                new TestBackplane(backplane),
                threads);
        node.start();
        node.onConnected(BackplaneListener.Continuity.DIFFERENT_SERVER);
        node.close(Duration.ZERO);
        assertEquals("shut down", node.health().detail());
    }

    /** The backplane does not return messages that it has refused, so no sender may wait for them. */
    @Test
    void broadcastsThatAreRefusedHoldNoSender() {
        Backplane backplane = (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    if (method.getReturnType() == Optional.class) {
                        return Optional.empty();
                    }
                    return method.getReturnType() == void.class ? null : new CompletableFuture<>();
                });
        ManagerContext context =
                ManagerContexts.newContext(OverflowPolicy.DISCONNECT, null, limits -> limits.outboxMessages(40));
        ClientSession sender = ManagerContexts.open(context, "u", new FakeConnection());
        threads.exhausted = false;
        ClusterNode node = new ClusterNode(
                context.nodeContext(),
                ClusterConfig.builder("test", "test:x")
                        .pendingMessages(5)
                        .pendingBytes(1 << 20)
                        .build(),
                new TestBackplane(backplane),
                threads);
        node.start();
        node.onConnected(BackplaneListener.Continuity.DIFFERENT_SERVER);
        List<Boolean> refused = IntStream.range(0, 100)
                .mapToObj(i -> node.broadcast(BATCH, sender, this)
                        .toCompletableFuture()
                        .isCompletedExceptionally())
                .toList();
        assertEquals(95, refused.stream().filter(failed -> failed).count());
        synchronized (context.flow) {
            assertFalse(context.flow.isMuchUnderWay());
        }
        node.close(Duration.ZERO);
    }
}
