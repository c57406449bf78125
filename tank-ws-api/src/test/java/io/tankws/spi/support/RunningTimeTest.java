package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunningTimeTest {
    private static final long MILLI = 1_000_000;

    private final AtomicLong real = new AtomicLong(Long.MAX_VALUE - 700 * MILLI);
    private final RunningTime time = new RunningTime(real::get);
    private final long start = time.read();

    private long readAfter(long millis) {
        real.addAndGet(millis * MILLI);
        return (time.read() - start) / MILLI;
    }

    @Test
    void runsAsLongAsItIsRead() {
        for (int i = 1; i <= 100; i++) {
            assertEquals(i * RunningTime.MAX_PERIOD_MILLIS, readAfter(RunningTime.MAX_PERIOD_MILLIS));
        }
        assertEquals(0, time.sumOfGaps());
    }

    @Test
    void aLateReadingCountsInFull() {
        assertEquals(RunningTime.GAP_MILLIS - 1, readAfter(RunningTime.GAP_MILLIS - 1));
    }

    @Test
    void aGapCountsAsNextToNothing() {
        assertEquals(100, readAfter(100));
        assertEquals(125, readAfter(13_000));
        assertEquals(225, readAfter(100));
        assertEquals(250, readAfter(Duration.ofDays(1).toMillis()));
        assertEquals(Duration.ofDays(1).toMillis() + 13_000 - 50, time.sumOfGaps() / MILLI);
    }

    @Test
    void aThreadThatWasLateDoesNotTurnItBack() {
        assertEquals(200, readAfter(200));
        real.addAndGet(-150 * MILLI);
        assertEquals(200, (time.read() - start) / MILLI);
    }

    @Test
    void neverDecreasesForAnyThread() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                long before = time.read();
                for (int step = 0; step < 20_000; step++) {
                    real.addAndGet(step % 1000 == 0 ? 2_000 * MILLI : MILLI / 10);
                    long now = time.read();
                    if (now - before < 0) {
                        synchronized (wrong) {
                            wrong.add(before + " then " + now);
                        }
                    }
                    before = now;
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void waitsUntilTheConditionHoldsOrTheTimeIsOver() throws InterruptedException {
        int[] steps = {0};
        assertTrue(RunningTime.await(Duration.ofDays(365), nanos -> {
            assertTrue(nanos <= RunningTime.MAX_PERIOD_MILLIS * MILLI);
            return ++steps[0] == 3;
        }));
        assertEquals(3, steps[0]);
        assertFalse(RunningTime.await(Duration.ZERO, nanos -> false));
        assertEquals(Duration.ZERO, RunningTime.until(RunningTime.nanoTime()));
    }
}
