package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The room of an outbox for messages that it queues together or not at all. */
class OutboxRoomTest {
    private final OutboxFixture fixture = new OutboxFixture(
            OverflowPolicy.DROP_OLDEST, limits -> limits.outboxMessages(10).outboxBytes(1000));
    private final Outbox outbox = fixture.outbox;

    @Test
    void theRoomIsTheRestOfTheMessages() {
        assertEquals(10, outbox.room());
        fixture.block();
        assertEquals(9, outbox.room());
        fixture.enqueue(OutboxFixture.batch(8, 10));
        assertEquals(1, outbox.room());
    }

    /** One message of 2 bytes is in flight. */
    @ParameterizedTest
    @CsvSource({"9, 10, true", "10, 10, false", "2, 499, true", "1, 999, false"})
    void messagesAreQueuedIfAllFit(int messages, int frameLength, boolean queued) {
        fixture.block();
        assertEquals(queued, outbox.offerAll(OutboxFixture.batch(messages, frameLength)));
        assertEquals(queued ? messages + 1 : 1, outbox.queuedMessages());
        assertEquals(queued ? messages + 1 : 1, fixture.counters.offered.sum());
        assertEquals(queued, fixture.isFilled());
    }

    @Test
    void queuedMessagesWaitForAFlush() {
        assertTrue(outbox.offerAll(MessageBatch.of(List.of(Message.text("a"), Message.text("b")))));
        assertEquals(List.of(), fixture.connection.written());
        assertFalse(fixture.isFilled());
        outbox.flush();
        assertEquals(List.of("a", "b"), fixture.connection.written());
    }

    @Test
    void anIdleOutboxHoldsNoSender() {
        assertTrue(outbox.offerAll(OutboxFixture.batch(10, 10)));
        assertFalse(fixture.isFilled());
    }

    @Test
    void aClosingOutboxQueuesNone() {
        outbox.close(CloseStatus.NORMAL);
        assertFalse(outbox.offerAll(OutboxFixture.batch(1, 10)));
        assertEquals(0, fixture.counters.offered.sum());
    }
}
