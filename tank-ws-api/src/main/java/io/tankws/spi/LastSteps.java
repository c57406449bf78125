package io.tankws.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * The steps of an end that must not be left out for lack of memory, such as closing the port of a server that has failed. Each
 * is repeated until the memory suffices: connections that end free some.
 */
public final class LastSteps {
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private LastSteps() {}

    /**
     * Runs a step, again after each {@link OutOfMemoryError}, with pauses of 100 ms. Returns when the step has ended without
     * one. Other failures are thrown.
     *
     * @param step may run more than once
     */
    public static void insist(Runnable step) {
        Objects.requireNonNull(step, "step");
        while (isShortOfMemory(step)) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean isShortOfMemory(Runnable step) {
        try {
            step.run();
            return false;
        } catch (OutOfMemoryError e) {
            return true;
        }
    }
}
