package io.tankws.core;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What nodes of a cluster send each other: a head, which says whose and which one it is, and a body.
 *
 * <p>The head: version and kind, a byte each; the publishing node, its stream and the sequence within that, 8 bytes each.
 * A text is its length in 4 bytes, then UTF-8.
 */
final class Letter {
    static final byte MESSAGES = 1;
    static final byte CLOSE = 2;
    static final byte HEADS_WANTED = 3;
    static final byte HEADS = 4;

    private static final byte VERSION = 1;
    private static final int STREAM_AT = 10;
    private static final int SEQUENCE_AT = 18;
    private static final int HEAD_BYTES = 26;
    private static final int BINARY = Frame.Opcode.BINARY.value();
    private static final int TEXT = Frame.Opcode.TEXT.value();

    /** How far a node is with its stream on a channel. */
    record Head(String channel, long stream, long sequence) {}

    final byte kind;
    final long node;
    final long stream;
    final long sequence;
    private final ByteBuffer body;

    private Letter(ByteBuffer bytes) {
        if (bytes.get() != VERSION) {
            throw new IllegalArgumentException("another version");
        }
        kind = bytes.get();
        node = bytes.getLong();
        stream = bytes.getLong();
        sequence = bytes.getLong();
        body = bytes;
    }

    /**
     * Opens what came from the backplane.
     *
     * @throws IllegalArgumentException if it is no letter
     */
    static Letter open(byte[] bytes) {
        if (bytes.length < HEAD_BYTES) {
            throw new IllegalArgumentException("too short");
        }
        return new Letter(ByteBuffer.wrap(bytes));
    }

    /** Says which one of the stream it is; the last that is written before it leaves. */
    static void number(byte[] letter, long stream, long sequence) {
        ByteBuffer.wrap(letter).putLong(STREAM_AT, stream).putLong(SEQUENCE_AT, sequence);
    }

    /** Messages for all who are subscribed to the channel but one of the publisher's clients; 0 for none. */
    static byte[] messages(long node, long excluded, List<Message> messages) {
        int size = 12;
        for (Message message : messages) {
            size += 5 + message.size();
        }
        ByteBuffer letter = begin(MESSAGES, node, size).putLong(excluded).putInt(messages.size());
        for (Message message : messages) {
            letter.put((byte) message.frame().opcode().value()).putInt(message.size());
            letter.put(message.payload());
        }
        return letter.array();
    }

    /** The connections of a user shall be closed. */
    static byte[] close(long node, String userId, CloseStatus status) {
        byte[] user = utf8(userId);
        byte[] reason = utf8(status.reason());
        ByteBuffer letter = begin(CLOSE, node, 12 + user.length + reason.length).putInt(status.code());
        text(letter, reason);
        text(letter, user);
        return letter.array();
    }

    /** Whoever published on one of the channels within the last so many milliseconds shall say how far it is. */
    static byte[] headsWanted(long node, long millis, List<String> channels) {
        List<byte[]> names = channels.stream().map(Letter::utf8).toList();
        int size = 12 + names.stream().mapToInt(name -> 4 + name.length).sum();
        ByteBuffer letter = begin(HEADS_WANTED, node, size).putLong(millis).putInt(names.size());
        names.forEach(name -> text(letter, name));
        return letter.array();
    }

    /** So far is a node with its streams. */
    static byte[] heads(long node, List<Head> heads) {
        List<byte[]> names = heads.stream().map(head -> utf8(head.channel())).toList();
        int size = 4 + names.stream().mapToInt(name -> 20 + name.length).sum();
        ByteBuffer letter = begin(HEADS, node, size).putInt(heads.size());
        for (int i = 0; i < heads.size(); i++) {
            text(letter, names.get(i));
            letter.putLong(heads.get(i).stream()).putLong(heads.get(i).sequence());
        }
        return letter.array();
    }

    private static ByteBuffer begin(byte kind, long node, int bodyBytes) {
        return ByteBuffer.allocate(HEAD_BYTES + bodyBytes)
                .put(VERSION)
                .put(kind)
                .putLong(node)
                .putLong(0)
                .putLong(0);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void text(ByteBuffer letter, byte[] utf8) {
        letter.putInt(utf8.length).put(utf8);
    }

    /** What the body holds, told once, in this order. */
    interface Body<T> {
        T read(Letter letter);
    }

    /**
     * Reads the body.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    <T> T read(Body<T> content) {
        try {
            return content.read(this);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends too early", e);
        }
    }

    long number() {
        return body.getLong();
    }

    int closeCode() {
        return body.getInt();
    }

    String text() {
        return StandardCharsets.UTF_8.decode(piece()).toString();
    }

    /** The messages for a topic, {@code null} for broadcasts. */
    List<Message> messages(String topic) {
        int count = count(5);
        List<Message> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int opcode = body.get();
            ByteBuffer payload = piece();
            if (opcode == BINARY && topic == null) {
                messages.add(Message.binary(payload));
            } else if (opcode == TEXT) {
                messages.add(topic == null ? Message.text(payload) : Message.text(topic, payload));
            } else {
                throw new IllegalArgumentException("no such message");
            }
        }
        return messages;
    }

    List<String> channels() {
        int count = count(4);
        List<String> channels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            channels.add(text());
        }
        return channels;
    }

    List<Head> heads() {
        int count = count(20);
        List<Head> heads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            heads.add(new Head(text(), body.getLong(), body.getLong()));
        }
        return heads;
    }

    /** Never more than the bytes that are left can hold. */
    private int count(int leastBytesOfEach) {
        int count = body.getInt();
        if (count < 0 || count > body.remaining() / leastBytesOfEach) {
            throw new IllegalArgumentException("no such count");
        }
        return count;
    }

    private ByteBuffer piece() {
        int length = body.getInt();
        if (length < 0 || length > body.remaining()) {
            throw new IllegalArgumentException("no such length");
        }
        ByteBuffer piece = body.slice(body.position(), length);
        body.position(body.position() + length);
        return piece;
    }
}
