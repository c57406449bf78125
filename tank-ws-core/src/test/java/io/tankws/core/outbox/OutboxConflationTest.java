package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.DropReason;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The amount and the times of conflations. */
class OutboxConflationTest {
    /** The frame in flight has 2 bytes. A quarter of the bound is free below 750 bytes. */
    @Test
    void messagesWithoutATopicAreDroppedUntilAQuarterOfTheBytesIsFree() {
        OutboxFixture fixture = new OutboxFixture(OverflowPolicy.CONFLATE, limits -> limits.outboxBytes(1000));
        fixture.block();
        fixture.outbox.offer(OutboxFixture.ofFrameLength(153));
        fixture.outbox.offer(OutboxFixture.ofFrameLength(147));
        IntStream.range(0, 6).forEach(i -> fixture.outbox.offer(OutboxFixture.ofFrameLength(100)));
        assertTrue(fixture.outbox.offer(OutboxFixture.ofFrameLength(100)));
        assertEquals(Map.of(DropReason.OUTBOX_BYTES, 1L), fixture.counters.drops());
        assertTrue(fixture.outbox.offer(OutboxFixture.ofFrameLength(151)));
        assertEquals(Map.of(DropReason.OUTBOX_BYTES, 1L), fixture.counters.drops());
    }

    /** The first overflow finds no message to conflate among 8, so the next two drop the oldest message. */
    @Test
    void aConflationFollowsAfterOverflowsByAQuarterOfTheMessages() {
        OutboxFixture fixture = new OutboxFixture(OverflowPolicy.CONFLATE, limits -> limits.outboxMessages(9));
        fixture.block();
        IntStream.rangeClosed(0, 8).forEach(i -> fixture.outbox.offer(ofTopic("t" + i)));
        fixture.outbox.offer(ofTopic("t8"));
        fixture.outbox.offer(ofTopic("t8"));
        assertEquals(Map.of(DropReason.OUTBOX_MESSAGES, 3L), fixture.counters.drops());
        fixture.outbox.offer(ofTopic("t8"));
        assertEquals(Map.of(DropReason.OUTBOX_MESSAGES, 3L, DropReason.CONFLATED, 3L), fixture.counters.drops());
    }

    private static Message ofTopic(String topic) {
        return Message.text(topic, ByteBuffer.allocate(0));
    }
}
