package io.tankws.spi.support;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The clock of every deadline: the time for which this process has run.
 *
 * <p>A process that is stopped (SIGSTOP, a snapshot of its virtual machine, a long garbage collection) cannot read
 * what its peers have sent in that time. With {@link System#nanoTime()} all deadlines would expire at once when it
 * continues. With this clock, a gap counts almost nothing. A gap is half a second or more in which no thread has read
 * this clock. So a thread that checks deadlines must read it at least every {@value #MAX_PERIOD_MILLIS} ms while
 * there are any.
 *
 * <p>Differences between two readings are running time. A reading has no other meaning. Readings never go back. Time
 * that other processes measure too, such as the age of a lease, is no running time. Safe for use by several threads.
 *
 * <p>For transports, backplanes and this library; not to be extended.
 */
public final class RunningTime {
    /** The longest time that a thread which checks deadlines may pause between two readings, in milliseconds. */
    public static final long MAX_PERIOD_MILLIS = 100;

    /** The shortest time without a reading that does not count, in milliseconds. */
    static final long GAP_MILLIS = 500;

    private static final long GAP = GAP_MILLIS * 1_000_000;
    /** The age in nanoseconds at which a reading replaces the last one that was noted, and what a gap counts. */
    private static final long STEP = 25_000_000;

    private static final RunningTime PROCESS = new RunningTime(System::nanoTime);

    /**
     * A reading that was noted.
     *
     * @param real the time of the underlying clock, in nanoseconds
     * @param gaps the sum of all gaps before it, in nanoseconds
     */
    private record Note(long real, long gaps) {}

    private final LongSupplier clock;
    private final AtomicReference<Note> last;

    RunningTime(LongSupplier clock) {
        this.clock = clock;
        last = new AtomicReference<>(new Note(clock.getAsLong(), 0));
    }

    /**
     * Reads the clock of this process.
     *
     * @return nanoseconds from an arbitrary origin
     */
    public static long nanoTime() {
        return PROCESS.read();
    }

    /**
     * Returns how long this process did not run: the sum of all gaps.
     *
     * @return nanoseconds
     */
    public static long gaps() {
        return PROCESS.sumOfGaps();
    }

    /**
     * Returns the running time until a deadline.
     *
     * @param deadline a reading of this clock
     * @return zero if the deadline has passed
     */
    public static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - nanoTime()));
    }

    /**
     * Waits for a condition in short steps, so that a gap does not count.
     *
     * @param timeout the maximum running time, up to a year
     * @param step waits for the given nanoseconds at most, and returns whether the condition holds
     * @return whether the condition holds
     * @throws InterruptedException if the step was interrupted
     */
    public static boolean await(Duration timeout, Step step) throws InterruptedException {
        long deadline = nanoTime() + timeout.toNanos();
        boolean met = step.await(0);
        for (long remaining = deadline - nanoTime(); !met && remaining > 0; remaining = deadline - nanoTime()) {
            met = step.await(Math.min(remaining, MAX_PERIOD_MILLIS * 1_000_000));
        }
        return met;
    }

    /**
     * One step of a wait.
     *
     * <p>Implemented by callers.
     */
    @FunctionalInterface
    public interface Step {
        /**
         * Waits for the condition.
         *
         * @param nanos the maximum time; zero to check only
         * @return {@code true} if the condition holds
         * @throws InterruptedException if the thread was interrupted
         */
        boolean await(long nanos) throws InterruptedException;
    }

    long read() {
        while (true) {
            // Read before the note, so that the note is older than this reading only by the time that has passed.
            long real = clock.getAsLong();
            Note note = lastNote();
            long passed = real - note.real;
            if (passed < 0) {
                // Another thread has noted a later reading.
                return note.real - note.gaps;
            }
            if (passed < STEP) {
                return real - note.gaps;
            }
            Note next = new Note(real, passed < GAP ? note.gaps : note.gaps + passed - STEP);
            if (last.compareAndSet(note, next)) {
                return next.real - next.gaps;
            }
        }
    }

    @SuppressWarnings("NullAway") // never set to null
    private Note lastNote() {
        return last.get();
    }

    long sumOfGaps() {
        read();
        return lastNote().gaps;
    }
}
