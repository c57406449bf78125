package io.tankws.protocol.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.protocol.centrifuge.PingSchedule.Due;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pings come at their interval, and a client that does not answer is disconnected. */
class PingScheduleTest {
    private static final long SECOND = 1_000_000_000L;
    /** A start at which the running time overflows soon. */
    private static final long START = Long.MAX_VALUE - 10 * SECOND;

    private static PingSchedule schedule(int timeout) {
        return new PingSchedule(Duration.ofSeconds(25), Duration.ofSeconds(timeout));
    }

    /** Asks ten times a second until a ping is due, and returns the time. */
    private static long nextPing(PingSchedule schedule, long from) {
        for (long now = from; now - from <= 100 * SECOND; now += SECOND / 10) {
            if (schedule.at(now, false) == Due.PING) {
                return now;
            }
        }
        throw new AssertionError("no ping");
    }

    @Test
    void theFirstPingComesAtARandomTimeAndTheOthersAtTheInterval() {
        for (int i = 0; i < 100; i++) {
            PingSchedule schedule = schedule(0);
            long first = nextPing(schedule, START);
            long wait = first - START;
            assertTrue(wait >= 12 * SECOND && wait <= 25 * SECOND + SECOND / 10, () -> wait + " ns");
            long second = nextPing(schedule, first + SECOND / 10);
            assertEquals(25 * SECOND, second - first, SECOND / 10);
        }
    }

    @Test
    void aPongIsDueOncePerPing() {
        PingSchedule schedule = schedule(10);
        assertFalse(schedule.pong());
        nextPing(schedule, START);
        assertTrue(schedule.pong());
        assertFalse(schedule.pong());
    }

    @Test
    void aClientThatDoesNotAnswerIsClosed() {
        PingSchedule schedule = schedule(10);
        long ping = nextPing(schedule, START);
        assertEquals(Due.NOTHING, schedule.at(ping + 10 * SECOND, false));
        assertEquals(Due.CLOSE, schedule.at(ping + 10 * SECOND + 1, false));
        schedule.pong();
        assertEquals(Due.NOTHING, schedule.at(ping + 11 * SECOND, false));
    }

    @Test
    void theTimeToAnswerBeginsAgainWhenTheServerReadsOn() {
        PingSchedule schedule = schedule(10);
        long ping = nextPing(schedule, START);
        assertEquals(Due.NOTHING, schedule.at(ping + 20 * SECOND, true));
        assertEquals(Due.NOTHING, schedule.at(ping + 21 * SECOND, false));
        assertEquals(Due.CLOSE, schedule.at(ping + 31 * SECOND, false));
    }

    @Test
    void missedPingsAreNotSentOneAfterAnother() {
        PingSchedule schedule = schedule(0);
        long ping = nextPing(schedule, START) + 1000 * SECOND;
        assertEquals(Due.PING, schedule.at(ping, false));
        assertEquals(Due.NOTHING, schedule.at(ping + SECOND, false));
        assertEquals(Due.PING, schedule.at(ping + 25 * SECOND, false));
    }
}
