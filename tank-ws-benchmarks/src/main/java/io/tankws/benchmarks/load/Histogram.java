package io.tankws.benchmarks.load;

/**
 * Counts times by size, in 64 steps per doubling, so that a percentile is at most 1.6 % too large and recording costs
 * no memory. Used by one thread.
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
     * The time that a share of all were not longer than.
     *
     * @param share from 0 to 1
     * @return milliseconds; 0 if there were none
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
        // Shifted so that 64 to 127 is left.
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
