package io.tankws.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, never for luck. */
public final class Await {
    private static final Duration TIMEOUT = Duration.ofSeconds(Integer.getInteger("io.tankws.testkit.timeout", 10));
    private static final long PAUSE_NANOS = 2_000_000;

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
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + TIMEOUT.toSeconds() + " s: " + what + " " + instead.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
