package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicOptionsTest {
    private static String rejected(TopicOptions.Builder builder) {
        return assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    }

    private static TopicOptions.Builder history() {
        return TopicOptions.builder().historySize(10);
    }

    @Test
    void aTopicRemembersNothingByDefault() {
        TopicOptions none = TopicOptions.NONE;
        assertEquals(0, none.historySize());
        assertFalse(none.hasHistory());
        assertFalse(none.isRecoverable());
        assertFalse(none.hasLastValue());
        assertEquals(none, TopicOptions.builder().build());
        assertEquals(none.hashCode(), TopicOptions.builder().build().hashCode());
    }

    @Test
    void eachOptionIsSetAlone() {
        TopicOptions plain = history().build();
        assertTrue(plain.hasHistory());
        assertEquals(10, plain.historySize());
        assertEquals(1024 * 1024, plain.historyBytes());
        assertEquals(Duration.ofMinutes(5), plain.historyTtl());
        TopicOptions bytes = history().historyBytes(7).build();
        TopicOptions ttl = history().historyTtl(Duration.ofSeconds(3)).build();
        TopicOptions recoverable = history().recoverable().build();
        TopicOptions lastValue = history().lastValue().build();
        assertEquals(7, bytes.historyBytes());
        assertEquals(Duration.ofSeconds(3), ttl.historyTtl());
        assertTrue(recoverable.isRecoverable());
        assertTrue(lastValue.hasLastValue());
        TopicOptions presence = TopicOptions.builder().presence().build();
        TopicOptions joinLeave = TopicOptions.builder().presence().joinLeave().build();
        TopicOptions grace = TopicOptions.builder()
                .presence()
                .joinLeave()
                .leaveGrace(Duration.ofMinutes(1))
                .build();
        assertTrue(presence.hasPresence() && !presence.hasJoinLeave() && !presence.hasHistory());
        assertTrue(joinLeave.hasJoinLeave());
        assertEquals(Duration.ZERO, joinLeave.leaveGrace());
        assertEquals(Duration.ofMinutes(1), grace.leaveGrace());
        List<TopicOptions> all =
                List.of(TopicOptions.NONE, plain, bytes, ttl, recoverable, lastValue, presence, joinLeave, grace);
        for (TopicOptions one : all) {
            for (TopicOptions other : all) {
                assertEquals(one == other, one.equals(other));
                assertEquals(one == other, one.toString().equals(other.toString()));
            }
        }
        assertNotEquals(plain, null);
    }

    @Test
    void optionsOfPresenceNeedEachOther() {
        assertEquals(
                "a topic with joinLeave must have presence",
                rejected(TopicOptions.builder().joinLeave()));
        assertEquals(
                "a topic with leaveGrace must have joinLeave",
                rejected(TopicOptions.builder().presence().leaveGrace(Duration.ofSeconds(1))));
        for (Duration wrong : List.of(Duration.ofNanos(-1), Duration.ofSeconds(61))) {
            assertEquals(
                    "leaveGrace must be 0 to 60 seconds, but was " + wrong,
                    rejected(TopicOptions.builder().presence().joinLeave().leaveGrace(wrong)));
        }
    }

    @Test
    void optionsAreInTheirRange() {
        assertEquals(
                "historySize must be 0 to 1000000, but was -1",
                rejected(TopicOptions.builder().historySize(-1)));
        assertEquals(
                "historySize must be 0 to 1000000, but was 1000001",
                rejected(TopicOptions.builder().historySize(1_000_001)));
        assertEquals(
                1_000_000, TopicOptions.builder().historySize(1_000_000).build().historySize());
        assertEquals(
                "historyBytes must be positive, but was 0", rejected(history().historyBytes(0)));
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(366))) {
            assertEquals(
                    "historyTtl must be positive and at most 365 days, but was " + wrong,
                    rejected(history().historyTtl(wrong)));
        }
    }

    @Test
    void optionsOfAHistoryNeedAHistory() {
        assertEquals(
                "historySize must be at least 1 for a topic with recoverable, but was 0",
                rejected(TopicOptions.builder().recoverable()));
        assertEquals(
                "historySize must be at least 1 for a topic with lastValue, but was 0",
                rejected(TopicOptions.builder().lastValue()));
        assertEquals(
                "historySize must be at least 1 for a topic with historyBytes, but was 0",
                rejected(TopicOptions.builder().historyBytes(1)));
        assertEquals(
                "historySize must be at least 1 for a topic with historyTtl, but was 0",
                rejected(TopicOptions.builder().historyTtl(Duration.ofSeconds(1))));
    }
}
