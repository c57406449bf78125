package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeAudience;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.NoThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    /** An audience whose flushes on the thread of the fan-out wait until the test releases them. */
    private static final class HeldAudience extends FakeAudience {
        final CountDownLatch release = new CountDownLatch(1);
        boolean fails;

        @Override
        public void flush() {
            super.flush();
            if (fails) {
                throw new AssertionError("planted");
            }
            if (Thread.currentThread().getName().equals("test-fanout")) {
                await(release);
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
    private void flush(Audience audience) {
        if (audience.lastSender == 0) {
            audience.lastSender = -1;
        }
        Object sender = new Object();
        senders.add(sender);
        fanout.send(audience, BATCH, null, sender);
    }

    private static void forgetSender(Audience audience) {
        audience.lastSender = 0;
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
        HeldAudience audience = new HeldAudience();
        audience.small = true;
        flush(audience);
        assertEquals(Set.of(Thread.currentThread()), audience.threads);
    }

    @Test
    void aSenderAloneFlushesByItself() {
        HeldAudience audience = new HeldAudience();
        Object sender = new Object();
        IntStream.range(0, 10).forEach(i -> fanout.send(audience, BATCH, null, sender));
        assertEquals(Set.of(Thread.currentThread()), audience.threads);
        assertEquals(10, audience.flushes.get());
    }

    @Test
    void whatIsDueDuringAFlushTakesOneMore() throws InterruptedException {
        HeldAudience audience = new HeldAudience();
        flush(audience);
        await(() -> audience.flushes.get() == 1);
        IntStream.range(0, 1000).forEach(i -> flush(audience));
        assertEquals(1, audience.flushes.get());
        audience.release.countDown();
        HeldAudience last = new HeldAudience();
        last.release.countDown();
        flush(last);
        await(() -> last.flushes.get() == 1);
        assertEquals(2, audience.flushes.get());
        assertFalse(audience.threads.contains(Thread.currentThread()));
    }

    @Test
    void withTooMuchDueTheCallerFlushes() throws InterruptedException {
        HeldAudience first = new HeldAudience();
        flush(first);
        await(() -> first.flushes.get() == 1);
        List<HeldAudience> audiences =
                IntStream.range(0, 65).mapToObj(i -> new HeldAudience()).toList();
        audiences.forEach(audience -> audience.release.countDown());
        audiences.forEach(this::flush);
        assertEquals(Set.of(Thread.currentThread()), audiences.get(64).threads);
        assertEquals(Set.of(), audiences.get(63).threads);
        first.release.countDown();
        await(() -> audiences.stream().allMatch(audience -> audience.flushes.get() == 1));
    }

    @Test
    void theFlushOfACallerEndsForItsAudience() throws InterruptedException {
        HeldAudience first = new HeldAudience();
        flush(first);
        await(() -> first.flushes.get() == 1);
        List<HeldAudience> audiences =
                IntStream.range(0, 65).mapToObj(i -> new HeldAudience()).toList();
        audiences.forEach(audience -> audience.release.countDown());
        audiences.forEach(this::flush);
        HeldAudience last = audiences.get(64);
        assertFalse(last.isFlushing());
        fanout.send(last, BATCH, null, senders.get(senders.size() - 1));
        assertEquals(2, last.flushes.get());
        assertEquals(Set.of(Thread.currentThread()), last.threads);
        first.release.countDown();
    }

    @Test
    void anUrgentAudienceIsFlushedByTheCaller() {
        HeldAudience audience = new HeldAudience();
        audience.urgent = true;
        flush(audience);
        assertEquals(1, audience.flushes.get());
        assertEquals(Set.of(Thread.currentThread()), audience.threads);
    }

    @Test
    void anIdleThreadWakesForTheNextFlush() throws InterruptedException {
        HeldAudience audience = new HeldAudience();
        audience.release.countDown();
        for (int i = 1; i <= 3; i++) {
            flush(audience);
            int expected = i;
            await(() -> audience.flushes.get() == expected);
            Thread thread = audience.threads.iterator().next();
            await(() -> thread.getState() == Thread.State.WAITING);
        }
        assertEquals(1, audience.threads.size());
    }

    @Test
    void theEndWakesAnIdleThread() throws InterruptedException {
        HeldAudience audience = new HeldAudience();
        audience.release.countDown();
        flush(audience);
        await(() -> audience.flushes.get() == 1);
        Thread thread = audience.threads.iterator().next();
        await(() -> thread.getState() == Thread.State.WAITING);
        fanout.end();
        await(() -> !thread.isAlive());
    }

    @Test
    void sessionsThatEndInAFlushOfTheThreadEndAfterIt() throws InterruptedException {
        HeldAudience audience = new HeldAudience();
        audience.release.countDown();
        List<String> order = new CopyOnWriteArrayList<>();
        audience.duringFlush = () -> {
            AudienceWalk.afterwards(() -> order.add("end"));
            order.add("flush");
        };
        flush(audience);
        await(() -> order.size() == 2);
        assertEquals(List.of("flush", "end"), order);
        flush(audience);
        await(() -> order.size() == 4);
        assertEquals(List.of("flush", "end", "flush", "end"), order);
    }

    @Test
    void aRequestDuringAFlushFollowsOnTheSameThreadIfThereIsNoOther() throws InterruptedException {
        NoThreads threads = new NoThreads();
        FanoutScheduler alone = new FanoutScheduler("test", threads);
        HeldAudience audience = new HeldAudience();
        Object sender = new Object();
        audience.duringFlush = () -> {
            if (audience.flushes.get() == 1) {
                alone.send(audience, BATCH, null, new Object());
            } else {
                audience.fails = audience.flushes.get() == 2;
            }
        };
        alone.send(audience, BATCH, null, sender);
        assertEquals(2, audience.flushes.get());
        assertFalse(audience.isFlushing());
        assertFalse(audience.isFlushRequested());
        threads.exhausted = false;
        forgetSender(audience);
        alone.send(audience, BATCH, null, sender);
        assertEquals(3, audience.flushes.get());
        assertEquals(Set.of(Thread.currentThread()), audience.threads);
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
        HeldAudience bad = new HeldAudience();
        bad.fails = true;
        HeldAudience good = new HeldAudience();
        good.release.countDown();
        flush(bad);
        flush(good);
        await(() -> good.flushes.get() == 1);
        assertNotEquals(Set.of(Thread.currentThread()), good.threads);
    }

    @Test
    void theEndFlushesWhatIsDueAndLeavesNoThread() throws InterruptedException {
        HeldAudience first = new HeldAudience();
        flush(first);
        await(() -> first.flushes.get() == 1);
        flush(first);
        fanout.end();
        first.release.countDown();
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
