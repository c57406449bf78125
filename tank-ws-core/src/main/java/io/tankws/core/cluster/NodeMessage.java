package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.spi.support.PublicationCodec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message between nodes of a cluster: a header with its stream position, and a body.
 *
 * <p>The header has version and kind (1 byte each), the publishing node, its epoch and the offset in it (8 bytes
 * each). A text has its length in 4 bytes, then UTF-8.
 */
final class NodeMessage {
    static final byte MESSAGES = 1;
    static final byte CLOSE = 2;
    static final byte POSITION_REQUEST = 3;
    static final byte POSITION_REPORT = 4;
    static final byte COMMAND = 5;
    static final byte CONFIRMATION = 6;
    static final byte PUBLICATION = 7;
    /** A join or a leave. */
    static final byte PRESENCE = 20;
    /** A question to all nodes. */
    static final byte QUESTION = 21;
    /** An answer to a question. */
    static final byte ANSWER = 22;
    /** A message to the connections of a user. */
    static final byte USER_MESSAGE = 23;

    /** Maximum bytes of a message. Redis by default disconnects subscribers with twice as many waiting bytes. */
    static final int MAX_BYTES = 16 * 1024 * 1024;
    /** Maximum bytes of a publication beside its payload: topic, tags, publisher and envelope. */
    static final int MAX_PUBLICATION_OVERHEAD = 256 * 1024;
    /** Maximum number of client messages in one message. */
    static final int MAX_MESSAGES = 1024;
    /** Maximum number of channels or positions in one message. */
    static final int MAX_CHANNELS = 256;
    /** Maximum bytes of the name of a channel or a user, or of a reason. */
    static final int MAX_TEXT_BYTES = 32 * 1024;
    /** Maximum epoch or offset, enough for a million messages per second for years. */
    static final long MAX_NUMBER = 1L << 48;

    private static final byte VERSION = 1;
    private static final int EPOCH_INDEX = 10;
    private static final int OFFSET_INDEX = 18;
    private static final int HEADER_BYTES = 26;
    private static final int BINARY = Frame.Opcode.BINARY.value();
    private static final int TEXT = Frame.Opcode.TEXT.value();

    /** The position of a node in its stream on a channel. */
    record StreamPosition(String channel, long epoch, long offset) {}

    final byte kind;
    final long node;
    final long epoch;
    final long offset;
    private final ByteBuffer body;

    private NodeMessage(ByteBuffer bytes) {
        if (bytes.get() != VERSION) {
            throw new IllegalArgumentException("another version");
        }
        kind = bytes.get();
        node = bytes.getLong();
        epoch = bytes.getLong();
        offset = bytes.getLong();
        body = bytes;
    }

    /**
     * Parses bytes from the backplane.
     *
     * @throws IllegalArgumentException if they are no message of a node
     */
    static NodeMessage open(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("no such length");
        }
        return new NodeMessage(ByteBuffer.wrap(bytes));
    }

    /**
     * Requires a position that {@link #number(byte[], long, long)} can have written.
     *
     * @throws IllegalArgumentException if it is another
     */
    void requireNumbers() {
        requireNumbers(epoch, offset);
    }

    private static void requireNumbers(long epoch, long offset) {
        if (epoch <= 0 || epoch > MAX_NUMBER || offset <= 0 || offset > MAX_NUMBER) {
            throw new IllegalArgumentException("no such number");
        }
    }

    /** Encodes client messages. More than {@link #MAX_BYTES} must not be sent. */
    static long bytes(List<Message> messages) {
        long size = HEADER_BYTES + 12;
        for (Message message : messages) {
            size += 5L + message.size();
        }
        return size;
    }

    /** Returns the size of the payloads of messages. */
    static int payloadBytes(List<Message> messages) {
        int bytes = 0;
        for (Message message : messages) {
            bytes += message.size();
        }
        return bytes;
    }

    /** Returns whether a message can hold the text. */
    static boolean fits(String text) {
        return text.length() <= MAX_TEXT_BYTES / 3 || utf8(text).length <= MAX_TEXT_BYTES;
    }

    /** Returns whether a message can hold the text without a loss. */
    static boolean isEncodable(String text) {
        return fits(text) && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Writes the position, as the last step before a message is sent. */
    static void number(byte[] message, long epoch, long offset) {
        ByteBuffer.wrap(message).putLong(EPOCH_INDEX, epoch).putLong(OFFSET_INDEX, offset);
    }

    /** Encodes messages for all subscribers of the channel except one client of the publisher; 0 for no exception. */
    static byte[] messages(long node, long excluded, List<Message> messages) {
        int size = Math.toIntExact(bytes(messages)) - HEADER_BYTES;
        ByteBuffer out = begin(MESSAGES, node, size).putLong(excluded).putInt(messages.size());
        for (Message message : messages) {
            out.put((byte) message.frame().opcode().value()).putInt(message.size());
            out.put(message.payload());
        }
        return out.array();
    }

    /**
     * Encodes a publication without a position.
     *
     * @param envelope see {@link PublicationEnvelope}
     * @param publication publication in the form of {@link PublicationCodec}
     */
    static byte[] publication(long node, byte[] envelope, byte[] publication) {
        ByteBuffer out = begin(PUBLICATION, node, 4 + envelope.length + publication.length);
        text(out, envelope);
        return out.put(publication).array();
    }

    /** Encodes a message to the connections of a user. */
    static byte[] userMessage(long node, String userId, Message message) {
        byte[] user = utf8(userId);
        ByteBuffer out = begin(USER_MESSAGE, node, 4 + user.length + 9 + message.size());
        text(out, user);
        out.putInt(1).put((byte) message.frame().opcode().value()).putInt(message.size());
        return out.put(message.payload()).array();
    }

    /** Encodes a request to close the connections of a user. */
    static byte[] close(long node, String userId, CloseStatus status) {
        byte[] user = utf8(userId);
        byte[] reason = utf8(status.reason());
        ByteBuffer out = begin(CLOSE, node, 12 + user.length + reason.length).putInt(status.code());
        text(out, reason);
        text(out, user);
        return out.array();
    }

    /** Encodes a command about a user, which each node confirms with this number. */
    static byte[] command(long node, long number, UserCommand command) {
        byte[] user = utf8(command.userId());
        byte[] topic = utf8(command.topic());
        ByteBuffer letter = begin(COMMAND, node, 17 + user.length + topic.length)
                .putLong(number)
                .put((byte) command.action().code());
        text(letter, user);
        text(letter, topic);
        return letter.array();
    }

    /** Encodes the confirmation of a command of another node. */
    static byte[] confirmation(long node, long number) {
        return begin(CONFIRMATION, node, 8).putLong(number).array();
    }

    /**
     * Encodes a request for the positions of nodes that published on one of the channels within a time in milliseconds.
     */
    static byte[] positionRequest(long node, long millis, List<String> channels) {
        List<byte[]> names = channels.stream().map(NodeMessage::utf8).toList();
        int size = 12 + names.stream().mapToInt(name -> 4 + name.length).sum();
        ByteBuffer out = begin(POSITION_REQUEST, node, size).putLong(millis).putInt(names.size());
        names.forEach(name -> text(out, name));
        return out.array();
    }

    /** Encodes the positions of a node in its streams. */
    static byte[] positionReport(long node, List<StreamPosition> positions) {
        List<byte[]> names =
                positions.stream().map(position -> utf8(position.channel())).toList();
        int size = 4 + names.stream().mapToInt(name -> 20 + name.length).sum();
        ByteBuffer out = begin(POSITION_REPORT, node, size).putInt(positions.size());
        for (int i = 0; i < positions.size(); i++) {
            text(out, names.get(i));
            out.putLong(positions.get(i).epoch()).putLong(positions.get(i).offset());
        }
        return out.array();
    }

    static ByteBuffer begin(byte kind, long node, int bodyBytes) {
        return ByteBuffer.allocate(HEADER_BYTES + bodyBytes)
                .put(VERSION)
                .put(kind)
                .putLong(node)
                .putLong(0)
                .putLong(0);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void text(ByteBuffer out, byte[] utf8) {
        out.putInt(utf8.length).put(utf8);
    }

    /** The parts of the body, read once and in this order. */
    interface Body<T> {
        T read(NodeMessage message);
    }

    /**
     * Reads a part of the body.
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

    /**
     * Reads the last part of the body.
     *
     * @throws IllegalArgumentException if it is damaged or not the last part
     */
    <T> T readLast(Body<T> content) {
        T value = read(content);
        if (body.hasRemaining()) {
            throw new IllegalArgumentException("it ends too late");
        }
        return value;
    }

    long number() {
        return body.getLong();
    }

    int integer() {
        return body.getInt();
    }

    byte octet() {
        return body.get();
    }

    /** Reads 0 or 1. */
    boolean flag() {
        byte value = body.get();
        if (value < 0 || value > 1) {
            throw new IllegalArgumentException("no such flag");
        }
        return value == 1;
    }

    UserCommand userCommand() {
        UserCommand.Action action = UserCommand.Action.of(body.get());
        return new UserCommand(action, text(), text());
    }

    int closeCode() {
        return body.getInt();
    }

    String text() {
        ByteBuffer utf8 = piece();
        if (utf8.remaining() > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException("a text is too long");
        }
        try {
            // The decoder is strict, so that two names never become one.
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text is not UTF-8", e);
        }
    }

    /** Reads a duration in milliseconds. */
    long millis() {
        long millis = number();
        if (millis < 0 || millis > MAX_NUMBER) {
            throw new IllegalArgumentException("no such time");
        }
        return millis;
    }

    /** Reads a status that a close frame may have. */
    CloseStatus closeStatus() {
        int code = closeCode();
        String reason = text();
        try {
            CloseStatus status = new CloseStatus(code, reason);
            if (status.isSendable()) {
                return status;
            }
        } catch (IllegalArgumentException e) {
            // Its text repeats a part of the message.
        }
        throw new IllegalArgumentException("no such close status");
    }

    /** Reads the messages of a topic, or of a broadcast if the topic is {@code null}. */
    List<Message> messages(@Nullable String topic) {
        int count = count(5, MAX_MESSAGES);
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

    byte[] envelope() {
        ByteBuffer envelope = piece();
        byte[] bytes = new byte[envelope.remaining()];
        envelope.get(bytes);
        PublicationEnvelope.excluded(bytes, node);
        return bytes;
    }

    /** Reads a publication to a topic, which is the rest of the body. */
    Publication publication(String topic) {
        Publication publication = PublicationCodec.decode(topic, body.slice());
        body.position(body.limit());
        return publication;
    }

    List<String> channels() {
        int count = count(4, MAX_CHANNELS);
        List<String> channels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            channels.add(text());
        }
        return channels;
    }

    List<StreamPosition> positionReport() {
        int count = count(20, MAX_CHANNELS);
        List<StreamPosition> positions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            StreamPosition position = new StreamPosition(text(), body.getLong(), body.getLong());
            requireNumbers(position.epoch(), position.offset());
            positions.add(position);
        }
        return positions;
    }

    /** Reads a count that exceeds neither the bound nor the remaining bytes. */
    int count(int minBytesOfEach, int max) {
        int count = body.getInt();
        if (count < 0 || count > max || count > body.remaining() / minBytesOfEach) {
            throw new IllegalArgumentException("no such count");
        }
        return count;
    }

    /** Reads a number of bytes that precedes them, and returns a view of these bytes. */
    ByteBuffer piece() {
        int length = body.getInt();
        if (length < 0 || length > body.remaining()) {
            throw new IllegalArgumentException("no such length");
        }
        ByteBuffer piece = body.slice(body.position(), length);
        body.position(body.position() + length);
        return piece;
    }
}
