package io.tankws.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    @Test
    void nothingRecordedIsZero() {
        assertEquals(0, histogram.millis(0.5));
    }

    @Test
    void percentilesAreAtMostOneStepTooLarge() {
        for (int i = 1; i <= 1000; i++) {
            histogram.record(i * 1_000_000L);
        }
        assertEquals(1000, histogram.count());
        for (double share : new double[] {0.01, 0.5, 0.9, 0.99}) {
            double exact = share * 1000 + 1;
            double said = histogram.millis(share);
            assertTrue(said >= exact && said <= exact * 65 / 64, () -> share + " is " + said);
        }
        assertEquals(1000, histogram.millis(1));
    }

    @Test
    void smallTimesAreExact() {
        histogram.record(7);
        histogram.record(63);
        assertEquals(7e-6, histogram.millis(0));
        assertEquals(63e-6, histogram.millis(0.5));
    }

    @Test
    void everyTimeHasABucket() {
        histogram.record(-1);
        histogram.record(Long.MAX_VALUE);
        assertEquals(0, histogram.millis(0));
        assertEquals(Long.MAX_VALUE / 1e6, histogram.millis(1));
    }
}
