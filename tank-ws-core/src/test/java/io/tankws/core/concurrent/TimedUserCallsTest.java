package io.tankws.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.core.support.Shortage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimedUserCallsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Shortage shortage = new Shortage();
    private final CallbackExecutor threads = new CallbackExecutor("timed", 2, shortage.apply("timed"), null);
    private final Semaphore begun = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger interrupts = new AtomicInteger();
    private final AtomicInteger timeouts = new AtomicInteger();
    private volatile long now;
    private final TimedUserCalls calls = new TimedUserCalls(threads, new UserCallLimits(TIMEOUT, 4, 2, 3), () -> now);

    @AfterEach
    void end() {
        release.countDown();
        calls.end(TIMEOUT);
    }

    /** Ignores interrupts, but counts them. */
    private void hang() {
        begun.release();
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
            }
        }
    }

    private TimedUserCalls.Call hanging() {
        return calls.prepare(this::hang, this::expire);
    }

    private boolean expire() {
        timeouts.incrementAndGet();
        return true;
    }

    private void awaitBegun(int count) throws InterruptedException {
        assertTrue(begun.tryAcquire(count, 10, TimeUnit.SECONDS), () -> count + " calls have not begun");
    }

    /** Passes the deadline of all calls, and abandons those that run on. */
    private void passDeadline() {
        now += TIMEOUT.toNanos();
        calls.check(now);
        calls.check(now);
    }

    @Test
    void aCallExpiresAtItsDeadlineAndNotBefore() throws InterruptedException {
        assertEquals(TimedUserCalls.Start.BEGUN, hanging().start());
        awaitBegun(1);
        now += TIMEOUT.toNanos() - 1;
        calls.check(now);
        assertEquals(0, timeouts.get());
        now++;
        calls.check(now);
        calls.check(now);
        assertEquals(1, timeouts.get());
        release.countDown();
        calls.end(TIMEOUT);
        assertTrue(interrupts.get() >= 1);
    }

    @Test
    void aSettledCallDoesNotExpire() throws InterruptedException {
        TimedUserCalls.Call call = hanging();
        call.start();
        awaitBegun(1);
        call.settle();
        passDeadline();
        assertEquals(0, timeouts.get());
        assertEquals(0, interrupts.get());
    }

    @Test
    void aCancelledCallThatHasNotStartedNeverRuns() {
        TimedUserCalls.Call call = hanging();
        call.cancel();
        call.run();
        assertEquals(0, begun.availablePermits());
    }

    @Test
    void aCancelledCallThatRunsKeepsItsDeadline() throws InterruptedException {
        TimedUserCalls.Call call = hanging();
        call.start();
        awaitBegun(1);
        call.cancel();
        passDeadline();
        assertEquals(1, timeouts.get());
        release.countDown();
        calls.end(TIMEOUT);
        assertTrue(interrupts.get() >= 1);
    }

    @Test
    void theInterruptComesAfterTheTimeout() throws InterruptedException {
        AtomicInteger timeoutsAtInterrupt = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        calls.prepare(
                        () -> {
                            begun.release();
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                timeoutsAtInterrupt.set(timeouts.get());
                            }
                            ended.countDown();
                        },
                        this::expire)
                .start();
        awaitBegun(1);
        passDeadline();
        assertTrue(ended.await(10, TimeUnit.SECONDS));
        assertEquals(1, timeoutsAtInterrupt.get());
    }

    @Test
    void aDecisionBeforeTheTimeoutPreventsTheInterrupt() throws InterruptedException {
        calls.prepare(this::hang, () -> false).start();
        awaitBegun(1);
        passDeadline();
        release.countDown();
        threads.shutdown(TIMEOUT);
        assertEquals(0, interrupts.get());
    }

    @Test
    void onlySoManyArePending() {
        List<TimedUserCalls.Call> begun = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TimedUserCalls.Call call = hanging();
            assertEquals(TimedUserCalls.Start.BEGUN, call.start());
            begun.add(call);
        }
        assertEquals(TimedUserCalls.Start.TOO_MANY_PENDING, hanging().start());
        begun.get(0).settle();
        begun.get(0).settle();
        assertEquals(TimedUserCalls.Start.BEGUN, hanging().start());
        assertEquals(TimedUserCalls.Start.TOO_MANY_PENDING, hanging().start());
    }

    @Test
    void abandonedCallsGiveTheirPlacesAndThreadsBackUpToABound() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            hanging().start();
        }
        awaitBegun(2);
        passDeadline();
        assertEquals(2, timeouts.get());
        // Both threads hang, so these calls run on other threads.
        for (int i = 0; i < 2; i++) {
            assertEquals(TimedUserCalls.Start.BEGUN, hanging().start());
        }
        awaitBegun(2);
        passDeadline();
        assertEquals(4, timeouts.get());
        assertEquals(TimedUserCalls.Start.TOO_MANY_ABANDONED, hanging().start());
        release.countDown();
        awaitStart();
        awaitBegun(1);
    }

    private void awaitStart() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (hanging().start() != TimedUserCalls.Start.BEGUN) {
            assertTrue(System.nanoTime() < deadline, "the abandoned calls are still counted");
            Thread.onSpinWait();
        }
    }

    @Test
    void aCallThatFoundNoThreadExpiresAndNeverBegins() throws InterruptedException {
        shortage.begin();
        for (int i = 0; i < 4; i++) {
            assertEquals(TimedUserCalls.Start.BEGUN, hanging().start());
        }
        passDeadline();
        assertEquals(4, timeouts.get());
        shortage.end();
        assertEquals(TimedUserCalls.Start.BEGUN, hanging().start());
        awaitBegun(1);
        threads.shutdown(Duration.ZERO);
        release.countDown();
        calls.end(TIMEOUT);
        assertFalse(begun.tryAcquire());
    }

    @Test
    void aFailureAtTheDeadlineKeepsNoPermitAndStopsNoOtherCall() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            calls.prepare(this::hang, () -> {
                        timeouts.incrementAndGet();
                        throw new AssertionError("on purpose");
                    })
                    .start();
        }
        awaitBegun(2);
        passDeadline();
        assertEquals(4, timeouts.get());
        assertEquals(TimedUserCalls.Start.BEGUN, hanging().start());
    }

    @Test
    void theEndExpiresPendingCallsAndRefusesFurtherOnes() throws InterruptedException {
        hanging().start();
        awaitBegun(1);
        calls.end(Duration.ZERO);
        assertEquals(1, timeouts.get());
        assertEquals(TimedUserCalls.Start.ENDED, hanging().start());
        assertEquals(1, timeouts.get());
    }
}
