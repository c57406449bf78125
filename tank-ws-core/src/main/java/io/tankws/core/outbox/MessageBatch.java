package io.tankws.core.outbox;

import io.tankws.Frame;
import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A batch of messages from one read or one call, for many clients.
 *
 * <p>A client without other waiting messages shares the list of the batch, so a transport can detect that it has
 * already encoded the same bytes. Immutable.
 */
public final class MessageBatch {
    /** Maximum number of messages and bytes of a part. A single message may have more bytes. */
    static final int MAX_PART_MESSAGES = 127;

    static final int MAX_PART_BYTES = OutboxQueue.MAX_WRITE_BYTES;

    public final List<Message> messages;
    final List<Frame> frames;
    /** Size in bytes, with frame headers. */
    public final int bytes;
    /** Entry into the history of a topic, or {@code null} if there is none. */
    private final @Nullable BooleanSupplier entry;

    private MessageBatch(List<Message> messages, List<Frame> frames, int bytes, @Nullable BooleanSupplier entry) {
        this.messages = messages;
        this.frames = frames;
        this.bytes = bytes;
        this.entry = entry;
    }

    public static MessageBatch of(Message message) {
        return of(message, null);
    }

    /**
     * Creates a batch of one message that enters the history of a topic.
     *
     * @param entry entry, or {@code null} if there is none; it returns whether the message must be delivered
     */
    public static MessageBatch of(Message message, @Nullable BooleanSupplier entry) {
        return new MessageBatch(
                List.of(message), List.of(message.frame()), message.frame().length(), entry);
    }

    /** Enters the history of the topic, under its lock. Returns whether the messages must be delivered. */
    public boolean enter() {
        return entry == null || entry.getAsBoolean();
    }

    /** Returns whether a step must fix the position of this batch in its topic. */
    public boolean hasEntry() {
        return entry != null;
    }

    /** Creates a batch of at least one message. The list must not change after the call. */
    public static MessageBatch of(List<Message> messages) {
        return of(messages, null);
    }

    /**
     * Creates a batch of at least one message that fixes its position in a topic.
     *
     * @param entry entry, or {@code null} if there is none; with one, the batch must be a part
     */
    public static MessageBatch of(List<Message> messages, @Nullable BooleanSupplier entry) {
        if (messages.size() == 1) {
            return of(messages.get(0), entry);
        }
        List<Frame> frames = new ArrayList<>(messages.size());
        int bytes = 0;
        for (Message message : messages) {
            frames.add(message.frame());
            bytes += message.frame().length();
        }
        return new MessageBatch(messages, frames, bytes, entry);
    }

    /** Splits the messages into batches within both bounds. A single message may exceed the bytes. */
    public List<MessageBatch> parts(int maxMessages, int maxBytes) {
        if (size() <= maxMessages && bytes <= maxBytes) {
            return List.of(this);
        }
        List<MessageBatch> parts = new ArrayList<>();
        int from = 0;
        long partBytes = 0;
        for (int i = 0; i < size(); i++) {
            int length = frames.get(i).length();
            if (i - from == maxMessages || i > from && partBytes + length > maxBytes) {
                parts.add(of(messages.subList(from, i)));
                from = i;
                partBytes = 0;
            }
            partBytes += length;
        }
        parts.add(of(messages.subList(from, size())));
        return parts;
    }

    public int size() {
        return messages.size();
    }

    /** Returns whether this batch is small enough to be queued without a flush in between. */
    public boolean isPart() {
        return isPart(size(), bytes);
    }

    /** Returns whether a batch of that many messages and bytes is small enough to be queued without a flush. */
    public static boolean isPart(int messages, long bytes) {
        return messages == 1 || messages <= MAX_PART_MESSAGES && bytes <= MAX_PART_BYTES;
    }

    /** Returns the first part of the messages from an index on. */
    public MessageBatch part(int from) {
        int to = from + 1;
        long sum = frames.get(from).length();
        while (to < size()
                && to - from < MAX_PART_MESSAGES
                && sum + frames.get(to).length() <= MAX_PART_BYTES) {
            sum += frames.get(to++).length();
        }
        return of(messages.subList(from, to));
    }
}
