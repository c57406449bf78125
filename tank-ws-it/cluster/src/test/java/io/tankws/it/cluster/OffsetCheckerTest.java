package io.tankws.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.StreamPosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of defect. */
class OffsetCheckerTest {
    private final OffsetChecker checker = new OffsetChecker();

    private OffsetChecker.Findings check(String... received) {
        checker.learn(Map.of(
                "a", new StreamPosition("e", 1),
                "b", new StreamPosition("e", 2),
                "c", new StreamPosition("e", 3),
                "d", new StreamPosition("f", 1)));
        return checker.check(List.of(received));
    }

    @Test
    void consecutiveOffsetsAreCorrect() {
        assertEquals(new OffsetChecker.Findings(0, 0, List.of()), check("a", "b", "c"));
    }

    @Test
    void aTextOfAnUnknownPositionTakesOneOffset() {
        assertEquals(new OffsetChecker.Findings(0, 0, List.of()), check("a", "unknown", "c"));
        assertEquals(1, check("a", "unknown", "b").violations().size());
    }

    @Test
    void missingOffsetsAreCounted() {
        assertEquals(1, check("a", "c").missing());
    }

    @Test
    void repetitionsAndWrongOrdersAreViolations() {
        assertEquals(1, check("a", "a").violations().size());
        assertEquals(1, check("b", "a").violations().size());
    }

    @Test
    void aChangeOfTheEpochIsCounted() {
        assertEquals(1, check("a", "d").epochs());
    }
}
