package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.spi.support.RunningTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two steps in which a fan-out passes a batch to one outbox of many. */
class OutboxBatchTest {
    private static final MessageBatch BATCH = MessageBatch.of(List.of(Message.text("m1"), Message.text("m2")));

    private OutboxFixture fixture = new OutboxFixture(OverflowPolicy.DISCONNECT, limits -> {});

    /** Passes the batch as a fan-out does. Returns whether it was a write of its own. */
    private boolean deliver() {
        fixture.counters.offered.add(BATCH.size());
        boolean alone = fixture.outbox.tryStartWrite(BATCH, RunningTime.nanoTime());
        fixture.outbox.continueWrite(BATCH, alone);
        return alone;
    }

    private List<String> written() {
        return fixture.connection.written();
    }

    @Test
    void anIdleOutboxWritesTheListOfTheBatch() {
        fixture.connection.takesAtOnce = false;
        assertTrue(deliver());
        assertSame(BATCH.frames, fixture.connection.writes.get(0));
        assertEquals(2, fixture.outbox.queuedMessages());
        assertEquals(0, fixture.counters.sent.sum());
        fixture.connection.take(null);
        assertEquals(0, fixture.outbox.queuedMessages());
        assertEquals(2, fixture.counters.sent.sum());
    }

    @Test
    void waitingMessagesPrecedeTheBatchInTheSameWrite() {
        fixture.outbox.offer(Message.text("first"));
        assertFalse(deliver());
        assertEquals(1, fixture.connection.writes.size());
        assertEquals(List.of("first", "m1", "m2"), written());
    }

    @Test
    void aWaitingPongPrecedesTheBatch() {
        fixture.outbox.pong(Frame.of(Frame.Opcode.PONG, ByteBuffer.allocate(0)));
        assertFalse(deliver());
        assertEquals(List.of("PONG", "m1", "m2"), written());
    }

    @Test
    void theBatchWaitsForTheWriteInFlight() {
        fixture.block();
        assertFalse(deliver());
        assertEquals(1, fixture.connection.writes.size());
        assertEquals(3, fixture.outbox.queuedMessages());
        fixture.connection.take(null);
        assertEquals(List.of("", "m1", "m2"), written());
    }

    @Test
    void aClosingOutboxCountsTheBatchAsUndelivered() {
        fixture.outbox.close(CloseStatus.NORMAL);
        assertFalse(deliver());
        assertEquals(List.of(), written());
        assertEquals(2, fixture.counters.undelivered.sum());
    }

    @Test
    void messagesAfterAQueuedBatchFollowIt() {
        fixture.enqueue(BATCH);
        fixture.outbox.offer(Message.text("last"));
        assertEquals(3, fixture.outbox.queuedMessages());
        fixture.outbox.flush();
        assertEquals(1, fixture.connection.writes.size());
        assertEquals(List.of("m1", "m2", "last"), written());
    }

    @Test
    void aQueuedBatchIsWrittenWithoutACopy() {
        fixture.enqueue(BATCH);
        assertEquals(2, fixture.outbox.queuedMessages());
        fixture.outbox.flush();
        assertSame(BATCH.frames, fixture.connection.writes.get(0));
        fixture.outbox.flush();
        assertEquals(1, fixture.connection.writes.size());
    }

    @Test
    void aSecondQueuedBatchFollowsTheFirst() {
        fixture.enqueue(BATCH);
        fixture.enqueue(MessageBatch.of(Message.text("m3")));
        fixture.outbox.flush();
        assertEquals(List.of("m1", "m2", "m3"), written());
    }

    /** The efficient sizes are 128 messages and 64 KiB; a quarter of a smaller bound takes their place. */
    @ParameterizedTest
    @CsvSource({
        "40,     1000000,   9, 10",
        "40,     1000000,  10, 10",
        "100000, 1000000, 127, 10",
        "100000, 1000000, 128, 10",
        "100000, 4000,      9, 100",
        "100000, 4000,     10, 100",
        "100000, 10000000,  1, 65535",
        "100000, 10000000,  1, 65546"
    })
    void anIdleOutboxNeedsAFlushFromAnEfficientWriteOn(int maxMessages, int maxBytes, int messages, int frameLength) {
        fixture = new OutboxFixture(
                OverflowPolicy.DISCONNECT,
                limits -> limits.outboxMessages(maxMessages).outboxBytes(maxBytes));
        boolean efficient = messages >= Math.min(128, maxMessages / 4)
                || messages * frameLength >= Math.min(64 * 1024, maxBytes / 4);
        assertEquals(efficient, fixture.enqueue(OutboxFixture.batch(messages, frameLength)));
    }

    @Test
    void aBusyOutboxNeedsNoFlushHoweverFilled() {
        fixture = new OutboxFixture(OverflowPolicy.DISCONNECT, limits -> limits.outboxMessages(40));
        fixture.block();
        assertFalse(fixture.enqueue(OutboxFixture.batch(20, 10)));
    }

    @Test
    void aFlushAfterABatchFindsNoBytesOfIt() {
        fixture = new OutboxFixture(OverflowPolicy.DISCONNECT, limits -> limits.outboxBytes(4000));
        fixture.enqueue(OutboxFixture.batch(9, 100));
        fixture.outbox.flush();
        assertFalse(fixture.enqueue(OutboxFixture.batch(9, 100)));
    }

    @Test
    void messagesInFlightAtTheEndCountAsSuchUntilTheWriteEnds() {
        fixture.block();
        fixture.outbox.closed();
        assertEquals(0, fixture.outbox.queuedMessages());
        assertEquals(1, fixture.counters.inLastWrites.sum());
        fixture.outbox.closed();
        assertEquals(1, fixture.counters.inLastWrites.sum());
        fixture.connection.take(new IOException("planted"));
        assertEquals(0, fixture.counters.inLastWrites.sum());
        assertEquals(1, fixture.counters.undelivered.sum());
    }

    @Test
    void messagesThatWaitAtTheEndAreUndelivered() {
        fixture.block();
        fixture.enqueue(BATCH);
        fixture.outbox.closed();
        assertEquals(2, fixture.counters.undelivered.sum());
        fixture.connection.take(null);
        assertEquals(1, fixture.connection.writes.size());
    }

    @Test
    void theEndReportsTheMessagesThatWereDropped() {
        fixture = new OutboxFixture(OverflowPolicy.DROP_NEWEST, limits -> limits.outboxMessages(1));
        fixture.block();
        fixture.send(Message.text("dropped"));
        fixture.send(Message.text("dropped too"));
        fixture.outbox.closed();
        assertEquals(
                List.of(
                        "messages are dropped: OUTBOX_MESSAGES, DROP_NEWEST",
                        "2 messages were dropped: OUTBOX_MESSAGES first, DROP_NEWEST"),
                fixture.reports);
    }
}
