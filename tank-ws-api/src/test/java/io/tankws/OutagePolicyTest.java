package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutagePolicyTest {
    private static final Duration DAY = Duration.ofDays(1);

    private static void assertRefused(String expected, int messages, long bytes, Duration age) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> OutagePolicy.buffer(messages, bytes, age));
        assertEquals(expected, refused.getMessage());
    }

    @Test
    void aBufferIsBounded() {
        assertEquals(new OutagePolicy.Buffer(1, 1, DAY), OutagePolicy.buffer(1, 1, DAY));
        assertRefused("the messages of an outage buffer must be at least 1, but was 0", 0, 1, DAY);
        assertRefused("the bytes of an outage buffer must be at least 1, but was -1", 1, -1, DAY);
        String age = "the age of an outage buffer must be above zero and at most a day, but was ";
        assertRefused(age + "PT0S", 1, 1, Duration.ZERO);
        assertRefused(age + "PT-1S", 1, 1, Duration.ofSeconds(-1));
        assertRefused(age + "PT24H1S", 1, 1, DAY.plusSeconds(1));
    }

    @Test
    void policiesWithoutABufferAreConstants() {
        assertEquals(new OutagePolicy.Fail(), OutagePolicy.FAIL);
        assertEquals(new OutagePolicy.LocalOnly(), OutagePolicy.LOCAL_ONLY);
        assertNotEquals(OutagePolicy.FAIL, OutagePolicy.LOCAL_ONLY);
    }
}
