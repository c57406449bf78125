package io.tankws.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StageCallbackExecutorTest {
    private final CallbackExecutor threads = new CallbackExecutor("calls-test", 4);
    private final StageCallbackExecutor calls = new StageCallbackExecutor(threads);

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void callsOfSeveralThreadsAllRunInTheirOrder() throws InterruptedException {
        int count = 20_000;
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
            int first = number * count;
            Thread caller = new Thread(
                    () -> IntStream.range(first, first + count).forEach(i -> calls.execute(() -> ran.add(i))));
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        threads.shutdown(Duration.ofSeconds(10));
        assertEquals(
                IntStream.range(0, count).boxed().toList(),
                ran.stream().filter(i -> i < count).toList());
        assertEquals(
                IntStream.range(count, 2 * count).boxed().toList(),
                ran.stream().filter(i -> i >= count).toList());
        assertEquals(0, calls.underWay());
    }

    @Test
    void anActionThatBlocksDelaysOtherActionsUntilTheCheck() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(1);
        calls.execute(() -> {
            begun.countDown();
            await(end);
        });
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        calls.execute(other::countDown);
        calls.check();
        assertEquals(1, other.getCount());
        calls.check();
        assertTrue(other.await(10, TimeUnit.SECONDS));
        // No more than once.
        calls.execute(last::countDown);
        assertTrue(last.await(10, TimeUnit.SECONDS));
        end.countDown();
        threads.shutdown(Duration.ofSeconds(10));
        assertEquals(0, calls.underWay());
    }

    @Test
    void allAreInterruptedAtTheEnd() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) {
            calls.execute(() -> {
                await(never);
                if (Thread.interrupted()) {
                    interrupted.countDown();
                }
            });
        }
        threads.shutdown(Duration.ZERO);
        threads.interrupt();
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
        threads.shutdown(Duration.ofSeconds(10));
        assertFalse(threads.tryExecute(() -> {}));
        // A later caller runs the action on its own thread, and is not interrupted.
        CountDownLatch late = new CountDownLatch(1);
        calls.execute(late::countDown);
        assertEquals(0, late.getCount());
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
