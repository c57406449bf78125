package io.tankws.spi.support;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The protection of code that must continue or complete although the heap is full for a while: the loops of
 * long-running threads, and the steps that close a server which has failed.
 *
 * <p>A {@code catch} block is no protection on its own. The first execution of a piece of code may allocate, for the
 * constants and classes that it names, so the block may fail as well. The code here is executed once when the class
 * is prepared.
 *
 * <p>The end of a connection frees memory, but needs some first. The process keeps a reserve of 1 MiB for this, and
 * releases it at the first error.
 *
 * <p>For transports and this library; not to be extended.
 */
public final class MemoryShortage {
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    /** The maximum number of repetitions after linkage errors, which may last forever. */
    private static final int MAX_LINKAGE_ERRORS = 100;

    /** The number of arrays that the end of connections and servers can use when no other memory is free; 1 MiB. */
    private static final int RESERVE_PIECES = 32;

    private static final int RESERVE_PIECE_BYTES = 32 * 1024;

    /** The minimum time between the release of the reserve and its restoration. */
    private static final long RESTORE_NANOS = Duration.ofSeconds(10).toNanos();

    /** The minimum free memory for the restoration of the reserve, in bytes. */
    private static final long RESTORE_FREE_BYTES = 4L * RESERVE_PIECES * RESERVE_PIECE_BYTES;

    /** The reserve; {@code null} while it is released. */
    private static volatile byte @Nullable [][] reserve;

    private static volatile long releasedAt;

    static {
        rehearse(new OutOfMemoryError("rehearsal"));
        rehearse(new NoClassDefFoundError("rehearsal"));
        reserve = new byte[RESERVE_PIECES][RESERVE_PIECE_BYTES];
    }

    private MemoryShortage() {}

    private static void rehearse(Error error) {
        boolean[] thrown = new boolean[1];
        outlast(
                () -> {
                    if (!thrown[0]) {
                        thrown[0] = true;
                        throw error;
                    }
                },
                1);
    }

    /** Loads this class, which may be impossible during a shortage. */
    public static void prepare() {
        // The class is initialized by this call.
    }

    private static void releaseReserve() {
        reserve = null;
        releasedAt = System.nanoTime();
    }

    static boolean hasReserve() {
        return reserve != null;
    }

    /**
     * Restores the reserve some seconds after the last shortage, if enough memory is free. Each manager calls this
     * method periodically. Never throws.
     */
    public static void restoreReserve() {
        if (reserve != null || System.nanoTime() - releasedAt < RESTORE_NANOS) {
            return;
        }
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (free < RESTORE_FREE_BYTES) {
            return;
        }
        try {
            reserve = new byte[RESERVE_PIECES][RESERVE_PIECE_BYTES];
        } catch (OutOfMemoryError e) {
            releaseReserve();
        }
    }

    /**
     * Runs a step, again after each {@link OutOfMemoryError}, with pauses of 100 ms. Returns when the step has ended
     * without one. A {@link LinkageError} is handled in the same way, at most 100 times, because a class that cannot
     * be loaded for lack of memory shows as one. Other failures are thrown. Allocates nothing.
     *
     * @param step may run more than once
     */
    public static void outlast(Runnable step) {
        outlast(Objects.requireNonNull(step, "step"), PAUSE_NANOS);
    }

    private static void outlast(Runnable step, long pauseNanos) {
        int linkageErrors = 0;
        while (true) {
            try {
                step.run();
                return;
            } catch (OutOfMemoryError e) {
                releaseReserve();
                LockSupport.parkNanos(pauseNanos);
            } catch (LinkageError e) {
                if (++linkageErrors > MAX_LINKAGE_ERRORS) {
                    throw e;
                }
                LockSupport.parkNanos(pauseNanos);
            }
        }
    }
}
