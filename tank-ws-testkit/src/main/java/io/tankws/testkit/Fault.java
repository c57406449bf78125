package io.tankws.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The behavior of a {@link FaultProxy} towards the bytes of one direction. Immutable.
 *
 * @param delay how late everything arrives
 * @param sliceBytes largest piece that arrives at once
 * @param bytesPerSecond how fast it goes
 * @param bytes how many bytes pass before {@code end}
 * @param end end of the connection after these bytes
 */
public record Fault(Duration delay, int sliceBytes, int bytesPerSecond, long bytes, End end) {
    private static final long SLICE_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final Duration MAX_DELAY = Duration.ofHours(1);
    private static final Fault NONE = new Fault(Duration.ZERO, 64 * 1024, Integer.MAX_VALUE, Long.MAX_VALUE, End.NONE);

    /** How the bytes of one direction end. */
    public enum End {
        /** With those who sent them. */
        NONE,
        /** No further byte arrives, and neither side is notified. */
        BLACK_HOLE,
        /** The receiver sees the end of the stream; the other direction stays. */
        HALF_CLOSE,
        /** Both ends see the end of the stream. */
        CLOSE,
        /** Both ends see a reset. */
        RESET
    }

    /**
     * Checks.
     *
     * @param delay {@link #delay()}
     * @param sliceBytes {@link #sliceBytes()}
     * @param bytesPerSecond {@link #bytesPerSecond()}
     * @param bytes {@link #bytes()}
     * @param end {@link #end()}
     * @throws IllegalArgumentException if nothing could ever pass, a number is negative, or the delay is above an hour
     */
    public Fault {
        Objects.requireNonNull(end, "end");
        if (delay.isNegative()
                || sliceBytes <= 0
                || bytesPerSecond <= 0
                || bytes < 0
                || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("no such fault");
        }
    }

    /**
     * Lets everything pass.
     *
     * @return no fault
     */
    public static Fault none() {
        return NONE;
    }

    /**
     * Delays everything, the end and a reset too, and keeps the order; 512 KiB are under way at most.
     *
     * @param delay how late it arrives
     * @return the fault
     */
    public static Fault delay(Duration delay) {
        return new Fault(delay, NONE.sliceBytes, NONE.bytesPerSecond, NONE.bytes, End.NONE);
    }

    /**
     * Cuts into pieces, each of which is a segment of its own.
     *
     * @param bytes largest size of a piece
     * @return the fault
     */
    public static Fault slices(int bytes) {
        return new Fault(Duration.ZERO, bytes, NONE.bytesPerSecond, NONE.bytes, End.NONE);
    }

    /**
     * Slows down.
     *
     * @param bytesPerSecond how fast it goes at most
     * @return the fault
     */
    public static Fault rate(int bytesPerSecond) {
        int slice = Math.max(1, Math.min(NONE.sliceBytes, bytesPerSecond / 20));
        return new Fault(Duration.ZERO, slice, bytesPerSecond, NONE.bytes, End.NONE);
    }

    /**
     * Ends after a number of bytes.
     *
     * @param end how
     * @param bytes how many pass before
     * @return the fault
     */
    public static Fault after(long bytes, End end) {
        return new Fault(Duration.ZERO, NONE.sliceBytes, NONE.bytesPerSecond, bytes, end);
    }

    /**
     * Chooses any of them: the same for the same seed.
     *
     * @param seed to be shown where a test fails
     * @param longest bytes that pass at most before an end
     * @return the fault
     */
    public static Fault random(long seed, int longest) {
        Random random = new Random(seed);
        End end = End.values()[random.nextInt(End.values().length)];
        return new Fault(
                Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(50) : 0),
                random.nextInt(3) == 0 ? 1 + random.nextInt(16) : NONE.sliceBytes,
                random.nextInt(3) == 0 ? 16 * 1024 : NONE.bytesPerSecond,
                end == End.NONE ? NONE.bytes : random.nextInt(longest + 1),
                end);
    }

    /** How many of the next bytes pass; 0 or less once it is over. */
    long passing(long passed) {
        return end == End.NONE ? Long.MAX_VALUE : bytes - passed;
    }

    /** How long to wait after a piece; between small ones a moment, or the receiver would find them in one. */
    long pauseNanos(int count) {
        long least = sliceBytes < NONE.sliceBytes ? SLICE_PAUSE_NANOS : 0;
        return bytesPerSecond == NONE.bytesPerSecond
                ? least
                : Math.max(least, TimeUnit.SECONDS.toNanos(count) / bytesPerSecond);
    }
}
