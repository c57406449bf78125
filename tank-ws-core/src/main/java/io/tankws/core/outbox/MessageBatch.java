package io.tankws.core.outbox;

import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.StreamPosition;
import java.util.ArrayList;
import java.util.List;
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

    private static final MessageBatch EMPTY = new MessageBatch(List.of(), List.of(), 0, null, null, null);

    public final List<Message> messages;
    final List<Frame> frames;
    /** Size in bytes, with frame headers. */
    public final int bytes;
    /** Publication, or {@code null} if it is not known or has an entry. */
    private final @Nullable Publication publication;
    /** Entry into a topic, or {@code null} if there is none. */
    private final @Nullable Entry entry;
    /** Positions of the messages in histories, or {@code null} if they have none or are not yet known. */
    private @Nullable List<@Nullable TopicPosition> positions;

    private MessageBatch(
            List<Message> messages,
            List<Frame> frames,
            int bytes,
            @Nullable Publication publication,
            @Nullable Entry entry,
            @Nullable List<@Nullable TopicPosition> positions) {
        this.messages = messages;
        this.frames = frames;
        this.bytes = bytes;
        this.publication = publication;
        this.entry = entry;
        this.positions = positions;
    }

    /** The entry of publications into their topic. Called under the lock of the topic. */
    public interface Entry {
        /** Fixes the position of the topic. Returns whether the publications must be delivered. */
        boolean enter();

        /** Returns the publications with their positions. Called after a successful entry. */
        List<Publication> publications();

        /**
         * Returns the position in a history in memory, or {@code null} if there is none. Called after a successful
         * entry.
         */
        default @Nullable StreamPosition positionInMemory() {
            return null;
        }
    }

    public static MessageBatch of(Message message) {
        return of(message, null, null);
    }

    /** Creates a batch of one publication that is encoded for the plain protocol. */
    public static MessageBatch of(Message message, Publication publication) {
        return of(message, publication, null);
    }

    /** Creates a batch of one publication that is encoded for the plain protocol and enters its topic. */
    public static MessageBatch of(Message message, Entry entry) {
        return of(message, null, entry);
    }

    private static MessageBatch of(Message message, @Nullable Publication publication, @Nullable Entry entry) {
        return new MessageBatch(
                List.of(message), List.of(message.frame()), message.frame().length(), publication, entry, null);
    }

    /** Creates a batch of one publication that the topic encodes for its subscribers. */
    public static MessageBatch unencoded(Publication publication) {
        return new MessageBatch(List.of(), List.of(), 0, publication, null, null);
    }

    /** Creates a batch of publications that enter their topic, which encodes them. */
    public static MessageBatch unencoded(Entry entry) {
        return new MessageBatch(List.of(), List.of(), 0, null, entry, null);
    }

    /** Enters the topic, under its lock. Returns whether the messages must be delivered. */
    public boolean enter() {
        return entry == null || entry.enter();
    }

    /** Returns the position in a history in memory after the entry, or {@code null} if there is none. */
    public @Nullable StreamPosition positionInMemory() {
        return entry == null ? null : entry.positionInMemory();
    }

    /** Returns whether the batch fixes its position in its topic. */
    public boolean hasEntry() {
        return entry != null;
    }

    /** Returns the publications after the entry, or {@code null} if only their messages are known. */
    public @Nullable List<Publication> publications() {
        if (entry != null) {
            return entry.publications();
        }
        return publication == null ? null : List.of(publication);
    }

    /**
     * Returns the position of a message in the history of its topic, or {@code null} if it has none. Called under the
     * lock of the topic if the batch has an entry.
     */
    @Nullable
    TopicPosition position(int index) {
        if (positions == null) {
            List<Publication> known = publications();
            if (known == null || known.size() != size()) {
                return null;
            }
            positions = TopicPosition.of(known);
        }
        return positions.get(index);
    }

    /** Returns the topic of the first message, or {@code null} if it has none. */
    @Nullable
    String topic() {
        TopicPosition first = position(0);
        return first == null ? messages.get(0).topic().orElse(null) : first.topic();
    }

    /** Creates a batch of at least one message. The list must not change after the call. */
    public static MessageBatch of(List<Message> messages) {
        return of(messages, (Entry) null);
    }

    /**
     * Creates a batch of at least one message that fixes its position in a topic.
     *
     * @param entry entry, or {@code null} if there is none; with one, the batch must be a part
     */
    public static MessageBatch of(List<Message> messages, @Nullable Entry entry) {
        if (messages.size() == 1) {
            return of(messages.get(0), null, entry);
        }
        return of(messages, entry, null);
    }

    private static MessageBatch of(
            List<Message> messages, @Nullable Entry entry, @Nullable List<@Nullable TopicPosition> positions) {
        List<Frame> frames = new ArrayList<>(messages.size());
        int bytes = 0;
        for (Message message : messages) {
            frames.add(message.frame());
            bytes += message.frame().length();
        }
        return new MessageBatch(messages, frames, bytes, null, entry, positions);
    }

    /**
     * Creates a batch of any number of publications. The lists must not change after the call.
     *
     * @param positions positions of the messages, each {@code null} if the publication is not kept
     */
    public static MessageBatch ofPublications(List<Message> messages, List<@Nullable TopicPosition> positions) {
        return messages.isEmpty() ? EMPTY : of(messages, null, positions);
    }

    /** Creates a batch of any number of messages. The list must not change after the call. */
    public static MessageBatch ofAny(List<Message> messages) {
        return messages.isEmpty() ? EMPTY : of(messages);
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
