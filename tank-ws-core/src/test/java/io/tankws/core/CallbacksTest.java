package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CallbacksTest {
    private final Callbacks callbacks = new Callbacks("callbacks-test", 2);

    @Test
    void runsOnVirtualThreadsWhereJavaHasThem() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        callbacks.execute(() -> ran.complete(Thread.currentThread()));
        Thread thread = ran.get(10, TimeUnit.SECONDS);
        boolean expected = Runtime.version().feature() >= 21;
        boolean virtual =
                expected && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        assertEquals(expected, virtual);
        assertTrue(thread.isDaemon());
        assertTrue(expected || thread.getName().startsWith("callbacks-test-"), thread::getName);
        callbacks.shutdown(Duration.ofSeconds(10));
    }

    @Test
    void waitsForWhatHasBegunAndRefusesTheRest() throws Exception {
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
    void whatStillWaitsToRunIsInterruptedToo() throws Exception {
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
            callbacks.shutdown(Duration.ofMinutes(1));
            done.complete(null);
        });
        done.get(10, TimeUnit.SECONDS);
    }

    @Test
    void idleThreadsAreUsedAgainBeforeNewOnesAreMade() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() < 21, "there is no pool where threads are virtual");
        Callbacks pool = new Callbacks("reuse", 256);
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
        Callbacks few = new Callbacks("few", 2);
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
