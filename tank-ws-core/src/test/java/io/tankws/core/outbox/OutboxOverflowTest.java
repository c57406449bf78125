package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.DropReason;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bounds of an outbox in bytes and time, and the messages that it drops when one is exceeded. */
class OutboxOverflowTest {
    private static final long SECOND = 1_000_000_000L;

    private final long start = RunningTime.nanoTime();

    private static OutboxFixture withAge(OverflowPolicy policy) {
        return new OutboxFixture(policy, limits -> limits.outboxAge(Duration.ofSeconds(2)));
    }

    /** Returns an outbox whose messages may exceed 1000 bytes for 2 s and 3000 bytes at no time. */
    private static OutboxFixture withSoftBytes() {
        return new OutboxFixture(
                OverflowPolicy.DROP_OLDEST,
                limits -> limits.outboxSoft(1000, Duration.ofSeconds(2)).outboxBytes(3000));
    }

    @Test
    void aBatchThatAnIdleOutboxQueuesIsDroppedAfterTheAge() {
        OutboxFixture fixture = withAge(OverflowPolicy.DISCONNECT);
        fixture.outbox.enqueue(OutboxFixture.batch(2, 10), start);
        assertFalse(fixture.outbox.check(start + 2 * SECOND));
        assertTrue(fixture.outbox.isOpen());
        assertTrue(fixture.outbox.check(start + 2 * SECOND + 1));
        assertFalse(fixture.outbox.isOpen());
        assertEquals(Map.of(DropReason.OUTBOX_AGE, 2L), fixture.counters.drops());
    }

    @Test
    void aLaterMessageDoesNotChangeTheAgeOfAQueuedBatch() {
        OutboxFixture fixture = withAge(OverflowPolicy.DROP_OLDEST);
        fixture.outbox.enqueue(OutboxFixture.batch(2, 10), start);
        fixture.outbox.enqueue(MessageBatch.of(Message.text("later")), start + SECOND);
        assertFalse(fixture.outbox.check(start + 2 * SECOND));
        assertTrue(fixture.outbox.check(start + 2 * SECOND + 1));
        fixture.outbox.flush();
        assertEquals(List.of("later"), fixture.connection.written());
    }

    @Test
    void aBatchThatFollowsAnotherHasItsOwnAge() {
        OutboxFixture fixture = withAge(OverflowPolicy.DROP_OLDEST);
        fixture.outbox.enqueue(OutboxFixture.batch(2, 10), start);
        fixture.outbox.flush();
        fixture.outbox.enqueue(OutboxFixture.batch(3, 10), start + SECOND);
        assertFalse(fixture.outbox.check(start + 3 * SECOND));
        assertTrue(fixture.outbox.check(start + 3 * SECOND + 1));
        assertEquals(Map.of(DropReason.OUTBOX_AGE, 3L), fixture.counters.drops());
    }

    @Test
    void aBatchThatAnIdleOutboxQueuesMayExceedTheSoftBoundForItsTime() {
        OutboxFixture fixture = withSoftBytes();
        fixture.outbox.enqueue(OutboxFixture.batch(11, 100), start);
        assertFalse(fixture.outbox.check(start + 2 * SECOND));
        assertTrue(fixture.outbox.check(start + 2 * SECOND + 1));
        assertEquals(Map.of(DropReason.OUTBOX_SOFT_BYTES, 1L), fixture.counters.drops());
        assertFalse(fixture.outbox.check(start + 2 * SECOND + 2));
    }

    @Test
    void aBatchMayHaveTheBytesOfTheSoftBound() {
        OutboxFixture fixture = withSoftBytes();
        fixture.outbox.enqueue(OutboxFixture.batch(10, 100), start);
        assertFalse(fixture.outbox.check(start + 2 * SECOND + 1));
    }

    @Test
    void furtherMessagesDoNotExtendTheTimeOfTheSoftBound() {
        OutboxFixture fixture = withSoftBytes();
        fixture.block();
        fixture.outbox.enqueue(OutboxFixture.batch(11, 100), start);
        fixture.outbox.enqueue(OutboxFixture.batch(1, 100), start + SECOND);
        assertFalse(fixture.outbox.check(start + 2 * SECOND));
        assertTrue(fixture.outbox.check(start + 2 * SECOND + 1));
    }

    /** The write in flight has 40 000 bytes, and as many wait. */
    @Test
    void aWriteThatLeavesMessagesWaitingTakesRoomForItsOwnBytes() {
        OutboxFixture fixture = new OutboxFixture(
                OverflowPolicy.DROP_NEWEST,
                limits -> limits.outboxBytes(100_000).outboxSoft(100_000, Duration.ofSeconds(2)));
        fixture.block();
        fixture.outbox.enqueue(OutboxFixture.batch(2, 40_000), start);
        fixture.connection.take(null);
        assertEquals(2, fixture.outbox.queuedMessages());
        assertFalse(fixture.outbox.offer(OutboxFixture.ofFrameLength(20_001)));
        assertTrue(fixture.outbox.offer(OutboxFixture.ofFrameLength(20_000)));
    }

    @Test
    void anOverflowEndsWhenNoMessageWaitsAnyMore() {
        OutboxFixture fixture = new OutboxFixture(OverflowPolicy.DROP_NEWEST, limits -> limits.outboxMessages(3));
        fixture.block();
        IntStream.range(0, 3).forEach(i -> fixture.send(OutboxFixture.ofFrameLength(40_000)));
        fixture.connection.take(null);
        assertEquals(1, fixture.reports.size());
        fixture.connection.take(null);
        assertEquals(1, fixture.reports.size());
        fixture.send(Message.text("fits"));
        fixture.connection.take(null);
        assertEquals(1, fixture.reports.size());
        fixture.connection.take(null);
        assertEquals(
                List.of(
                        "messages are dropped: OUTBOX_MESSAGES, DROP_NEWEST",
                        "1 messages were dropped: OUTBOX_MESSAGES first, DROP_NEWEST"),
                fixture.reports);
    }

    @Test
    void aWriteThatLeavesTheSoftBoundExceededDoesNotExtendItsTime() {
        OutboxFixture fixture = new OutboxFixture(
                OverflowPolicy.DROP_OLDEST,
                limits -> limits.outboxBytes(200_000).outboxSoft(50_000, Duration.ofSeconds(2)));
        fixture.block();
        fixture.outbox.enqueue(OutboxFixture.batch(3, 40_000), start);
        fixture.connection.take(null);
        assertTrue(fixture.outbox.check(start + 2 * SECOND + 1));
        assertEquals(Map.of(DropReason.OUTBOX_SOFT_BYTES, 2L), fixture.counters.drops());
    }

    @Test
    void theWriteInFlightMayExceedTheSoftBoundOnItsOwn() {
        OutboxFixture fixture = withSoftBytes();
        fixture.connection.takesAtOnce = false;
        fixture.outbox.enqueue(OutboxFixture.batch(1, 2000), start);
        fixture.outbox.flush();
        fixture.outbox.enqueue(OutboxFixture.batch(1, 10), start);
        assertTrue(fixture.outbox.check(start + 2 * SECOND + 1));
        assertEquals(1, fixture.outbox.queuedMessages());
        assertFalse(fixture.outbox.check(start + 2 * SECOND + 2));
    }

    @Test
    void aMessageThatDoesNotFitBesideTheWriteInFlightIsDroppedToo() {
        OutboxFixture fixture = new OutboxFixture(OverflowPolicy.DROP_OLDEST, limits -> limits.outboxBytes(1000));
        fixture.connection.takesAtOnce = false;
        fixture.send(OutboxFixture.ofFrameLength(950));
        assertTrue(fixture.outbox.offer(OutboxFixture.ofFrameLength(10)));
        assertFalse(fixture.outbox.offer(OutboxFixture.ofFrameLength(100)));
        assertEquals(Map.of(DropReason.OUTBOX_BYTES, 2L), fixture.counters.drops());
        assertEquals(1, fixture.outbox.queuedMessages());
    }

    @Test
    void anOutboxWithoutWaitingMessagesHasNoneThatAreOverdue() {
        OutboxFixture fixture = withAge(OverflowPolicy.DISCONNECT);
        assertFalse(fixture.outbox.check(start + 100 * SECOND));
        fixture.block();
        assertFalse(fixture.outbox.check(start + 100 * SECOND));
        assertTrue(fixture.outbox.isOpen());
    }
}
