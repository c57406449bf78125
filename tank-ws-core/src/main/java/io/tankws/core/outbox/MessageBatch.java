package io.tankws.core.outbox;

import io.tankws.Frame;
import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages that came together and go to many clients: of one read, or of one call.
 *
 * <p>A client for whom nothing else waits shares its list with all others, which lets a transport see that it has the
 * bytes at hand already. Immutable.
 */
public final class MessageBatch {
    /** A part has at most so many messages, and so many bytes unless it is a single message. */
    static final int MAX_PART_MESSAGES = 127;

    static final int MAX_PART_BYTES = Waiting.MAX_WRITE_BYTES;

    public final List<Message> messages;
    final List<Frame> frames;
    /** With their headers. */
    public final int bytes;

    private MessageBatch(List<Message> messages, List<Frame> frames, int bytes) {
        this.messages = messages;
        this.frames = frames;
        this.bytes = bytes;
    }

    public static MessageBatch of(Message message) {
        return new MessageBatch(
                List.of(message), List.of(message.frame()), message.frame().length());
    }

    /** Of at least one message; the list must not change any more. */
    public static MessageBatch of(List<Message> messages) {
        if (messages.size() == 1) {
            return of(messages.get(0));
        }
        List<Frame> frames = new ArrayList<>(messages.size());
        int bytes = 0;
        for (Message message : messages) {
            frames.add(message.frame());
            bytes += message.frame().length();
        }
        return new MessageBatch(messages, frames, bytes);
    }

    /** Returns the same messages in bursts that exceed neither bound, unless one message alone does. */
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

    /** Returns whether this is small enough to be queued at once, without a flush between. */
    public boolean isPart() {
        return size() == 1 || size() <= MAX_PART_MESSAGES && bytes <= MAX_PART_BYTES;
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
