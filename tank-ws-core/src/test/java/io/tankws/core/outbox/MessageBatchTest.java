package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageBatchTest {
    private static final int MAX_BYTES = 64 * 1024;

    private static List<Integer> sizes(List<MessageBatch> parts) {
        return parts.stream().map(MessageBatch::size).toList();
    }

    @Test
    void knowsItsFramesAndBytes() {
        List<Message> messages = List.of(Message.text("a"), Message.text("bcd"));
        MessageBatch batch = MessageBatch.of(messages);
        assertEquals(messages, batch.messages);
        assertEquals(messages.stream().map(Message::frame).toList(), batch.frames);
        assertEquals(3 + 5, batch.bytes);
    }

    @Test
    void aListOfOneMessageIsABatchOfOne() {
        Message message = Message.text("a");
        MessageBatch batch = MessageBatch.of(List.of(message));
        assertEquals(List.of(message), batch.messages);
        assertEquals(List.of(message.frame()), batch.frames);
        assertEquals(3, batch.bytes);
    }

    @ParameterizedTest
    @CsvSource({"127, 10, true", "128, 10, false", "2, 32768, true", "2, 32769, false", "1, 200000, true"})
    void isOnePartUpToBothBounds(int messages, int frameLength, boolean part) {
        assertEquals(part, OutboxFixture.batch(messages, frameLength).isPart());
    }

    private static List<MessageBatch> walk(MessageBatch batch) {
        List<MessageBatch> parts = new ArrayList<>();
        for (int next = 0;
                next < batch.size();
                next += parts.get(parts.size() - 1).size()) {
            parts.add(batch.part(next));
        }
        return parts;
    }

    @ParameterizedTest
    @CsvSource({
        "127, 10, 127",
        "128, 10, '127,1'",
        "255, 10, '127,127,1'",
        "4, 32768, '2,2'",
        "3, 32769, '1,1,1'",
        "2, 70000, '1,1'"
    })
    void aFanOutTakesPartsWithinBothBounds(int messages, int frameLength, String expected) {
        MessageBatch batch = OutboxFixture.batch(messages, frameLength);
        List<MessageBatch> parts = walk(batch);
        assertEquals(
                expected,
                String.join(",", sizes(parts).stream().map(String::valueOf).toList()));
        assertEquals(
                batch.messages,
                parts.stream().flatMap(part -> part.messages.stream()).toList());
    }

    @Test
    void theBytesOfAPartDoNotCountForTheNext() {
        List<Message> messages = List.of(
                OutboxFixture.ofFrameLength(MAX_BYTES - 10),
                OutboxFixture.ofFrameLength(11),
                OutboxFixture.ofFrameLength(MAX_BYTES - 11),
                OutboxFixture.ofFrameLength(10));
        assertEquals(List.of(1, 2, 1), sizes(walk(MessageBatch.of(messages))));
        assertEquals(List.of(1, 2, 1), sizes(MessageBatch.of(messages).parts(10, MAX_BYTES)));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 10, 3, 30, 3",
        "3, 10, 2, 30, '2,1'",
        "3, 10, 3, 29, '2,1'",
        "4, 10, 3, 20, '2,2'",
        "4, 10, 9, 5, '1,1,1,1'",
        "7, 10, 3, 1000, '3,3,1'"
    })
    void isSplitWithinBothBounds(int messages, int frameLength, int maxMessages, int maxBytes, String expected) {
        MessageBatch batch = OutboxFixture.batch(messages, frameLength);
        List<MessageBatch> parts = batch.parts(maxMessages, maxBytes);
        assertEquals(
                expected,
                String.join(",", sizes(parts).stream().map(String::valueOf).toList()));
        assertEquals(
                batch.messages,
                parts.stream().flatMap(part -> part.messages.stream()).toList());
    }

    @Test
    void isNotCopiedIfItIsWithinBothBounds() {
        MessageBatch batch = OutboxFixture.batch(3, 10);
        assertSame(batch, batch.parts(3, 30).get(0));
    }

    @Test
    void anEntryDecidesWhetherTheMessageIsDelivered() {
        Message message = Message.text("a");
        assertTrue(MessageBatch.of(message, new Entry(true)).enter());
        assertFalse(MessageBatch.of(message, new Entry(false)).enter());
        assertFalse(MessageBatch.unencoded(new Entry(false)).enter());
        assertTrue(MessageBatch.unencoded(new Entry(false)).hasEntry());
        assertTrue(MessageBatch.of(message).enter());
    }

    private record Entry(boolean enter) implements MessageBatch.Entry {
        @Override
        public List<Publication> publications() {
            return List.of(Publication.builder("news", Payload.text("1")).build());
        }
    }

    @Test
    void aBatchKnowsThePublicationOfItsEntryOrItsOwn() {
        Message message = Message.text("m");
        Publication own = Publication.builder("news", Payload.text("2")).build();
        assertEquals(
                "1",
                MessageBatch.of(message, new Entry(true))
                        .publications()
                        .get(0)
                        .payload()
                        .asText());
        assertEquals(List.of(own), MessageBatch.of(message, own).publications());
        assertEquals(List.of(own), MessageBatch.unencoded(own).publications());
        assertNull(MessageBatch.of(message).publications());
        assertEquals(0, MessageBatch.ofAny(List.of()).size());
    }
}
