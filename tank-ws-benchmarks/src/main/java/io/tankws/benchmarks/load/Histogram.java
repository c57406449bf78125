package io.tankws.benchmarks.load;

/**
 * A histogram of times with 64 buckets per doubling. A percentile is at most 1.6 % too large, and recording allocates
 * nothing. Used by one thread.
 */
public final class Histogram {
    private static final int STEPS = 64;

    private final long[] buckets = new long[STEPS * STEPS];
    private long count;
    private long largest;

    public void record(long nanos) {
        long value = Math.max(0, nanos);
        buckets[index(value)]++;
        count++;
        largest = Math.max(largest, value);
    }

    public long count() {
        return count;
    }

    /**
     * Returns the time that a share of all recorded times does not exceed.
     *
     * @param share from 0 to 1
     * @return milliseconds, or 0 if no time was recorded
     */
    public double millis(double share) {
        long target = (long) (share * count);
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen > target) {
                return Math.min(upperEdge(i), largest) / 1e6;
            }
        }
        return largest / 1e6;
    }

    private static int index(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        // The shift leaves a value from 64 to 127.
        int shift = 57 - Long.numberOfLeadingZeros(value);
        return (shift + 1) * STEPS + (int) ((value >>> shift) - STEPS);
    }

    private static long upperEdge(int index) {
        if (index < STEPS) {
            return index;
        }
        return ((index % STEPS + STEPS + 1L) << index / STEPS - 1) - 1;
    }
}
