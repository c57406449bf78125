package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TerminationTest {
    private final Termination termination = new Termination();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void theFirstCallerRunsItAndLaterCallersWait() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> first = later(() -> termination.run(true, "unused", () -> {
            runs.incrementAndGet();
            begun.countDown();
            awaitQuietly(release);
        }));
        begun.await();
        termination.run(false, "unused", runs::incrementAndGet);
        CompletableFuture<Void> second = later(() -> termination.run(true, "unused", runs::incrementAndGet));
        assertFalse(second.isDone());
        release.countDown();
        first.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);
        assertEquals(1, runs.get());
    }

    @Test
    void aCallerThatMayNotWaitHasAnotherThreadRunIt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        termination.run(false, "the-shutdown", () -> {
            awaitQuietly(release);
            ran.complete(Thread.currentThread());
        });
        assertFalse(ran.isDone());
        release.countDown();
        termination.run(true, "unused", runs::incrementAndGet);
        assertTrue(ran.isDone());
        assertEquals("the-shutdown", ran.get().getName());
        assertFalse(ran.get().isDaemon());
        assertEquals(0, runs.get());
    }

    @Test
    void theShutdownItselfMayCallIt() {
        termination.run(true, "unused", () -> {
            runs.incrementAndGet();
            termination.run(true, "unused", runs::incrementAndGet);
        });
        assertEquals(1, runs.get());
    }

    @Test
    void aShutdownThatThrowsHasEnded() {
        try {
            termination.run(true, "unused", () -> {
                throw new IllegalStateException("on purpose");
            });
        } catch (IllegalStateException expected) {
            runs.incrementAndGet();
        }
        termination.run(true, "unused", runs::incrementAndGet);
        assertEquals(1, runs.get());
    }

    private static CompletableFuture<Void> later(Runnable task) {
        return CompletableFuture.runAsync(task, each -> new Thread(each).start());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
