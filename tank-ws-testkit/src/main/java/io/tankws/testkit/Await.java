package io.tankws.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, never for luck. */
public final class Await {
    private static final Duration TIMEOUT = Duration.ofSeconds(Integer.getInteger("io.tankws.testkit.timeout", 10));
    private static final long MIN_PAUSE_NANOS = 1_000_000;
    /** Long enough that tests that wait for seconds leave the processors to other tests. */
    private static final long MAX_PAUSE_NANOS = 20_000_000;
    /** A pause prolongs a wait by at most this part of it, apart from the minimum. */
    private static final long PART = 8;

    private Await() {}

    /**
     * Returns how long a test waits for what must happen.
     *
     * @return 10 seconds, or as many as the system property {@code io.tankws.testkit.timeout} says
     */
    public static Duration timeout() {
        return TIMEOUT;
    }

    /**
     * Waits until a condition holds.
     *
     * @param what name of the awaited condition, for the error text
     * @param condition polled condition
     * @throws AssertionError if it does not hold within {@link #timeout()}
     */
    public static void until(String what, BooleanSupplier condition) {
        until(what, condition, () -> "");
    }

    /**
     * Waits until a condition holds.
     *
     * @param what name of the awaited condition, for the error text
     * @param condition polled condition
     * @param instead description of the actual state, for the error text
     * @throws AssertionError if it does not hold within {@link #timeout()}
     */
    public static void until(String what, BooleanSupplier condition, Supplier<String> instead) {
        until(what, TIMEOUT, condition, instead);
    }

    /**
     * Waits until a condition holds.
     *
     * @param what name of the awaited condition, for the error text
     * @param timeout maximum time to wait
     * @param condition polled condition; the pauses between two polls grow from 1 ms to 20 ms
     * @param instead description of the actual state, for the error text
     * @throws AssertionError if it does not hold within the timeout
     */
    public static void until(String what, Duration timeout, BooleanSupplier condition, Supplier<String> instead) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            long elapsed = System.nanoTime() - begin;
            if (elapsed > timeout.toNanos()) {
                throw new AssertionError("not within " + timeout.toSeconds() + " s: " + what + " " + instead.get());
            }
            LockSupport.parkNanos(Math.max(MIN_PAUSE_NANOS, Math.min(MAX_PAUSE_NANOS, elapsed / PART)));
        }
    }
}
