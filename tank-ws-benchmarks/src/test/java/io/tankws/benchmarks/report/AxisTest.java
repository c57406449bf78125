package io.tankws.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void marksAreRoundNumbers() {
        assertEquals(
                List.of("0", "0.5 M", "1.0 M", "1.5 M", "2.0 M", "2.5 M"),
                Axis.upTo(2_400_000).labels());
        assertEquals(List.of("0", "20 k", "40 k"), Axis.upTo(100_000).labels().subList(0, 3));
        assertEquals(List.of("0", "0.2", "0.4", "0.6", "0.8"), Axis.upTo(0.76).labels());
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6"), Axis.upTo(6).labels());
    }

    @Test
    void everyValueFitsInFewSteps() {
        for (double value = 1e-3; value < 1e9; value *= 1.37) {
            Axis axis = Axis.upTo(value);
            assertTrue(axis.end() >= value * (1 - 1e-9), axis + " for " + value);
            assertTrue(axis.end() - axis.step() < value, axis + " for " + value);
            assertTrue(axis.marks() >= 2 && axis.marks() <= 7, axis + " for " + value);
        }
        assertEquals(1, Axis.upTo(0).end());
    }
}
