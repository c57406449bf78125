package io.tankws.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.core.support.Shortage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CallbackExecutorTest {
    private static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

    private final CallbackExecutor callbacks = new CallbackExecutor("callbacks-test", 2);

    private static boolean isVirtual(Thread thread) {
        try {
            return HAS_VIRTUAL_THREADS
                    && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes the thread that runs it, and keeps it until the latch opens. */
    private static Runnable keeping(BlockingQueue<Thread> begun, CountDownLatch release) {
        return () -> {
            begun.add(Thread.currentThread());
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static Thread next(BlockingQueue<Thread> begun) throws InterruptedException {
        return Objects.requireNonNull(begun.poll(10, TimeUnit.SECONDS), "no thread has begun");
    }

    private static void awaitEnd(Thread thread) throws InterruptedException {
        thread.join(10_000);
        assertFalse(thread.isAlive());
    }

    @Test
    void runsOnPlatformThreads() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        callbacks.execute(() -> ran.complete(Thread.currentThread()));
        Thread thread = ran.get(10, TimeUnit.SECONDS);
        assertFalse(isVirtual(thread));
        assertTrue(thread.isDaemon());
        assertTrue(thread.getName().startsWith("callbacks-test-"), thread::getName);
        callbacks.shutdown(Duration.ofSeconds(10));
        awaitEnd(thread);
    }

    @Test
    void callbacksRunOnVirtualThreadsWhenAllThreadsAreBusy() throws Exception {
        Assumptions.assumeTrue(HAS_VIRTUAL_THREADS, "this Java has no virtual threads");
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
        for (int i = 0; i < 5; i++) {
            callbacks.execute(keeping(begun, release));
        }
        int virtual = 0;
        for (int i = 0; i < 5; i++) {
            virtual += isVirtual(next(begun)) ? 1 : 0;
        }
        assertEquals(3, virtual);
        release.countDown();
        callbacks.shutdown(Duration.ofSeconds(10));
    }

    @Test
    void aHelperThatNeverGetsACarrierHoldsUpNoTask() throws Exception {
        // Here the carriers of all virtual threads are pinned.
        CallbackExecutor pinned = new CallbackExecutor("pinned", 1, CallbackExecutor.daemons("pinned"), task -> {});
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
        pinned.execute(keeping(begun, release));
        Thread only = next(begun);
        pinned.execute(keeping(begun, release));
        pinned.execute(keeping(begun, release));
        release.countDown();
        assertEquals(only, next(begun));
        assertEquals(only, next(begun));
        pinned.shutdown(Duration.ofSeconds(10));
        awaitEnd(only);
    }

    @Test
    void aTaskWaitsUntilAThreadCanBeStarted() throws Exception {
        Shortage shortage = new Shortage().begin();
        CallbackExecutor starved = new CallbackExecutor("starved", 2, shortage.apply("starved"), null);
        BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
        CountDownLatch release = new CountDownLatch(1);
        assertTrue(starved.tryExecute(keeping(begun, release)));
        assertTrue(starved.tryExecute(keeping(begun, release)));
        starved.check();
        assertEquals(3, shortage.failures());
        assertTrue(begun.isEmpty());
        shortage.end();
        starved.check();
        // None of the threads that did not start is counted.
        Thread first = next(begun);
        assertTrue(first != next(begun));
        release.countDown();
        starved.shutdown(Duration.ofSeconds(10));
        awaitEnd(first);
    }

    @Test
    void aLiveThreadTakesCallbacksThatFoundNoThread() throws Exception {
        Shortage shortage = new Shortage();
        CallbackExecutor starved = new CallbackExecutor("starved", 2, shortage.apply("starved"), null);
        BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
        CountDownLatch release = new CountDownLatch(1);
        starved.execute(keeping(begun, release));
        Thread only = next(begun);
        shortage.begin();
        starved.execute(keeping(begun, release));
        assertEquals(1, shortage.failures());
        release.countDown();
        assertEquals(only, next(begun));
        starved.shutdown(Duration.ofSeconds(10));
    }

    @Test
    void virtualThreadsHelpWhereNoPlatformThreadStarts() throws Exception {
        Assumptions.assumeTrue(HAS_VIRTUAL_THREADS, "this Java has no virtual threads");
        Shortage shortage = new Shortage().begin();
        CallbackExecutor starved = new CallbackExecutor("starved", 2, shortage.apply("starved"));
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        starved.execute(() -> ran.complete(Thread.currentThread()));
        assertTrue(isVirtual(ran.get(10, TimeUnit.SECONDS)));
        starved.shutdown(Duration.ofSeconds(10));
    }

    @Test
    void extraThreadsReplaceThoseThatDoNotReturn() throws Exception {
        CallbackExecutor few = new CallbackExecutor("few", 1, CallbackExecutor.daemons("few"), null);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
        few.execute(keeping(begun, release));
        Thread hanging = next(begun);
        few.execute(keeping(begun, never));
        assertTrue(begun.isEmpty());
        few.allowExtraThreads(1);
        few.check();
        assertTrue(hanging != next(begun));
        few.allowExtraThreads(0);
        release.countDown();
        // One thread is enough again.
        awaitEnd(hanging);
        few.interrupt();
        few.shutdown(Duration.ofSeconds(10));
    }

    @Test
    void aTaskThatThrowsEndsNoThread() throws Exception {
        CallbackExecutor one = new CallbackExecutor("one", 1, CallbackExecutor.daemons("one"), null);
        CompletableFuture<Thread> failing = new CompletableFuture<>();
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        one.execute(() -> {
            failing.complete(Thread.currentThread());
            throw new AssertionError("on purpose");
        });
        one.execute(() -> ran.complete(Thread.currentThread()));
        assertEquals(failing.get(10, TimeUnit.SECONDS), ran.get(10, TimeUnit.SECONDS));
        one.shutdown(Duration.ofSeconds(10));
    }

    @Test
    void anInterruptIsNotLeftForTheNextTask() throws Exception {
        CallbackExecutor one = new CallbackExecutor("one", 1, CallbackExecutor.daemons("one"), null);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        one.execute(() -> Thread.currentThread().interrupt());
        one.execute(() -> interrupted.complete(Thread.currentThread().isInterrupted()));
        assertFalse(interrupted.get(10, TimeUnit.SECONDS));
        one.shutdown(Duration.ofSeconds(10));
    }

    @Test
    void onlyACallbackMayNotWaitForAShutdown() throws Exception {
        assertTrue(CallbackExecutor.mayWait());
        CompletableFuture<Boolean> mayWait = new CompletableFuture<>();
        CountDownLatch release = new CountDownLatch(1);
        callbacks.execute(() -> {
            mayWait.complete(CallbackExecutor.mayWait());
            keeping(new LinkedBlockingQueue<>(), release).run();
        });
        assertFalse(mayWait.get(10, TimeUnit.SECONDS));
        // The shutdown returns although that callback has not ended.
        callbacks.shutdown(Duration.ofDays(1));
        release.countDown();
    }

    @Test
    void aShutdownWaitsForRunningCallbacksAndRefusesFurtherOnes() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        callbacks.execute(() -> {
            begun.countDown();
            try {
                release.await();
                interrupted.complete(false);
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        callbacks.shutdown(Duration.ZERO);
        assertFalse(callbacks.tryExecute(() -> {}));
        assertFalse(interrupted.isDone());
        callbacks.interrupt();
        assertTrue(interrupted.get(10, TimeUnit.SECONDS));
    }

    @Test
    void callbacksThatWaitToRunAreInterruptedToo() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(6);
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 6; i++) {
            callbacks.execute(() -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
        }
        callbacks.shutdown(Duration.ZERO);
        callbacks.interrupt();
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aTaskMayShutDownWithoutWaitingForItself() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        callbacks.execute(() -> {
            callbacks.shutdown(Duration.ofMinutes(10));
            done.complete(null);
        });
        done.get(10, TimeUnit.SECONDS);
    }

    @Test
    void idleThreadsAreUsedAgainBeforeNewOnesAreMade() throws Exception {
        CallbackExecutor pool = new CallbackExecutor("reuse", 256);
        Set<Thread> used = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Thread> ran = new CompletableFuture<>();
            pool.execute(() -> ran.complete(Thread.currentThread()));
            used.add(ran.get(10, TimeUnit.SECONDS));
        }
        pool.shutdown(Duration.ofSeconds(10));
        assertTrue(used.size() < 50, () -> used.size() + " threads for one task at a time");
    }

    @Test
    void tasksBeyondTheMostThreadsWaitForOne() throws Exception {
        CallbackExecutor few = new CallbackExecutor("few", 2);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            few.execute(() -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
            });
        }
        release.countDown();
        assertTrue(done.await(10, TimeUnit.SECONDS));
        few.shutdown(Duration.ofSeconds(10));
        assertFalse(few.tryExecute(() -> {}));
    }
}
