package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    void aTaskMayShutDownWithoutWaitingForItself() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        callbacks.execute(() -> {
            callbacks.shutdown(Duration.ofMinutes(1));
            done.complete(null);
        });
        done.get(10, TimeUnit.SECONDS);
    }
}
