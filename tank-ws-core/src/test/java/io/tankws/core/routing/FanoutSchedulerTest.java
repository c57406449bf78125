package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.NoThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FanoutSchedulerTest {
    private final FanoutScheduler fanout = new FanoutScheduler("test");
    /** Kept, so that each is another. */
    private static final MessageBatch BATCH = MessageBatch.of(Message.text("message"));

    private final List<Object> senders = new ArrayList<>();

    @AfterEach
    void end() {
        fanout.end();
    }

    /** Notes on which threads it is flushed; the first flush lasts until it may go on. */
    private static final class Crowd extends Audience {
        final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        final AtomicInteger flushes = new AtomicInteger();
        final CountDownLatch goOn = new CountDownLatch(1);
        boolean small;
        boolean fails;
        boolean urgent;
        Runnable duringFlush = () -> {};

        @Override
        public boolean isSmall() {
            return small;
        }

        @Override
        public Outbox[] snapshot() {
            throw new AssertionError("the fan-out must not request a snapshot");
        }

        @Override
        public void send(MessageBatch batch, Outbox excluded) {
            flush();
        }

        @Override
        public boolean offer(MessageBatch batch, Outbox excluded) {
            return urgent;
        }

        @Override
        public void flush() {
            threads.add(Thread.currentThread());
            flushes.incrementAndGet();
            duringFlush.run();
            if (fails) {
                throw new AssertionError("planted");
            }
            if (Thread.currentThread().getName().equals("test-fanout")) {
                await(goOn);
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                assertTrue(latch.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Each time from another sender than before. */
    private void flush(Crowd crowd) {
        if (crowd.lastSender == 0) {
            crowd.lastSender = -1;
        }
        Object sender = new Object();
        senders.add(sender);
        fanout.send(crowd, BATCH, null, sender);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "the condition did not come true within 30 s");
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void aSmallAudienceIsFlushedByTheCaller() {
        Crowd crowd = new Crowd();
        crowd.small = true;
        flush(crowd);
        assertEquals(Set.of(Thread.currentThread()), crowd.threads);
    }

    @Test
    void aSenderAloneFlushesByItself() {
        Crowd crowd = new Crowd();
        Object sender = new Object();
        IntStream.range(0, 10).forEach(i -> fanout.send(crowd, BATCH, null, sender));
        assertEquals(Set.of(Thread.currentThread()), crowd.threads);
        assertEquals(10, crowd.flushes.get());
    }

    @Test
    void whatIsDueDuringAFlushTakesOneMore() throws InterruptedException {
        Crowd crowd = new Crowd();
        flush(crowd);
        await(() -> crowd.flushes.get() == 1);
        IntStream.range(0, 1000).forEach(i -> flush(crowd));
        assertEquals(1, crowd.flushes.get());
        crowd.goOn.countDown();
        Crowd last = new Crowd();
        last.goOn.countDown();
        flush(last);
        await(() -> last.flushes.get() == 1);
        assertEquals(2, crowd.flushes.get());
        assertFalse(crowd.threads.contains(Thread.currentThread()));
    }

    @Test
    void withTooMuchDueTheCallerFlushes() throws InterruptedException {
        Crowd first = new Crowd();
        flush(first);
        await(() -> first.flushes.get() == 1);
        List<Crowd> crowds = IntStream.range(0, 65).mapToObj(i -> new Crowd()).toList();
        crowds.forEach(crowd -> crowd.goOn.countDown());
        crowds.forEach(this::flush);
        assertEquals(Set.of(Thread.currentThread()), crowds.get(64).threads);
        assertEquals(Set.of(), crowds.get(63).threads);
        first.goOn.countDown();
        await(() -> crowds.stream().allMatch(crowd -> crowd.flushes.get() == 1));
    }

    @Test
    void theFlushOfACallerEndsForItsAudience() throws InterruptedException {
        Crowd first = new Crowd();
        flush(first);
        await(() -> first.flushes.get() == 1);
        List<Crowd> crowds = IntStream.range(0, 65).mapToObj(i -> new Crowd()).toList();
        crowds.forEach(crowd -> crowd.goOn.countDown());
        crowds.forEach(this::flush);
        Crowd last = crowds.get(64);
        assertFalse(last.isFlushing());
        fanout.send(last, BATCH, null, senders.get(senders.size() - 1));
        assertEquals(2, last.flushes.get());
        assertEquals(Set.of(Thread.currentThread()), last.threads);
        first.goOn.countDown();
    }

    @Test
    void anUrgentAudienceIsFlushedByTheCaller() {
        Crowd crowd = new Crowd();
        crowd.urgent = true;
        flush(crowd);
        assertEquals(1, crowd.flushes.get());
        assertEquals(Set.of(Thread.currentThread()), crowd.threads);
    }

    @Test
    void anIdleThreadWakesForTheNextFlush() throws InterruptedException {
        Crowd crowd = new Crowd();
        crowd.goOn.countDown();
        for (int i = 1; i <= 3; i++) {
            flush(crowd);
            int expected = i;
            await(() -> crowd.flushes.get() == expected);
            Thread thread = crowd.threads.iterator().next();
            await(() -> thread.getState() == Thread.State.WAITING);
        }
        assertEquals(1, crowd.threads.size());
    }

    @Test
    void theEndWakesAnIdleThread() throws InterruptedException {
        Crowd crowd = new Crowd();
        crowd.goOn.countDown();
        flush(crowd);
        await(() -> crowd.flushes.get() == 1);
        Thread thread = crowd.threads.iterator().next();
        await(() -> thread.getState() == Thread.State.WAITING);
        fanout.end();
        await(() -> !thread.isAlive());
    }

    @Test
    void sessionsThatEndInAFlushOfTheThreadEndAfterIt() throws InterruptedException {
        Crowd crowd = new Crowd();
        crowd.goOn.countDown();
        List<String> order = new CopyOnWriteArrayList<>();
        crowd.duringFlush = () -> {
            AudienceWalk.afterwards(() -> order.add("end"));
            order.add("flush");
        };
        flush(crowd);
        await(() -> order.size() == 2);
        assertEquals(List.of("flush", "end"), order);
        flush(crowd);
        await(() -> order.size() == 4);
        assertEquals(List.of("flush", "end", "flush", "end"), order);
    }

    @Test
    void aRequestDuringAFlushFollowsOnTheSameThreadIfThereIsNoOther() throws InterruptedException {
        NoThreads threads = new NoThreads();
        FanoutScheduler alone = new FanoutScheduler("test", threads);
        Crowd crowd = new Crowd();
        Object sender = new Object();
        crowd.duringFlush = () -> {
            if (crowd.flushes.get() == 1) {
                alone.send(crowd, BATCH, null, new Object());
            } else {
                crowd.fails = crowd.flushes.get() == 2;
            }
        };
        alone.send(crowd, BATCH, null, sender);
        assertEquals(2, crowd.flushes.get());
        assertFalse(crowd.isFlushing());
        assertFalse(crowd.isFlushRequested());
        threads.exhausted = false;
        crowd.lastSender = 0;
        alone.send(crowd, BATCH, null, sender);
        assertEquals(3, crowd.flushes.get());
        assertEquals(Set.of(Thread.currentThread()), crowd.threads);
        assertEquals(0, threads.started.get());
        alone.end();
    }

    @Test
    void anAudienceFlushesEveryOutbox() {
        ManagerContext context = ManagerContexts.newContext();
        List<FakeConnection> readers = List.of(new FakeConnection(), new FakeConnection());
        readers.forEach(
                reader -> ManagerContexts.open(context, "reader", reader).outbox.offer(Message.text("queued")));
        context.registry.flush();
        readers.forEach(reader -> assertEquals(List.of("queued"), reader.written()));
    }

    @Test
    void aFlushThatFailsHarmsNoOther() throws InterruptedException {
        Crowd bad = new Crowd();
        bad.fails = true;
        Crowd good = new Crowd();
        good.goOn.countDown();
        flush(bad);
        flush(good);
        await(() -> good.flushes.get() == 1);
        assertNotEquals(Set.of(Thread.currentThread()), good.threads);
    }

    @Test
    void theEndFlushesWhatIsDueAndLeavesNoThread() throws InterruptedException {
        Crowd first = new Crowd();
        flush(first);
        await(() -> first.flushes.get() == 1);
        flush(first);
        fanout.end();
        first.goOn.countDown();
        Thread thread = first.threads.iterator().next();
        thread.join();
        assertEquals(2, first.flushes.get());
        flush(first);
        assertTrue(first.threads.contains(Thread.currentThread()));
    }

    /** A batch of one read, longer than the outboxes' bound, must not look like slow readers. */
    @Test
    void aLongReadOverflowsNobody() {
        ManagerContext context =
                ManagerContexts.newContext(OverflowPolicy.DISCONNECT, null, limits -> limits.outboxMessages(8));
        FakeConnection reader = new FakeConnection();
        ManagerContexts.open(context, "reader", reader);
        ClientSession sender = ManagerContexts.open(context, "sender", new FakeConnection());
        List<String> sent = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
        sent.forEach(
                text -> sender.inboundHandler.onText(Message.text(text).frame().payload()));
        sender.inboundHandler.onReadComplete();
        assertEquals(sent, reader.written());
        assertTrue(context.counters.drops().isEmpty());
    }

    @Test
    void whoLeavesATopicGetsWhatWasPublishedBefore() {
        ManagerContext context = ManagerContexts.newContext();
        FakeConnection reader = new FakeConnection();
        ClientSession session = ManagerContexts.open(context, "reader", reader);
        session.subscribe("t");
        context.topics.find("t").offer(BATCH, null);
        assertEquals(List.of(), reader.written());
        session.unsubscribe("t");
        assertEquals(List.of("message"), reader.written());
    }
}
