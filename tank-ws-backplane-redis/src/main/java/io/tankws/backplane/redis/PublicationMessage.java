package io.tankws.backplane.redis;

import io.tankws.Publication;
import io.tankws.StreamPosition;
import io.tankws.spi.support.PublicationCodec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A publication on its way to the subscribers of a channel. It begins with two bytes by which it differs from the
 * messages of {@link io.tankws.spi.Backplane#publish}. The length of its position follows (1 byte), the position, the
 * length of the envelope (4 bytes), the envelope, and the publication. The position is {@code EPOCH:OFFSET}, or empty
 * if the publication is not kept.
 *
 * @param publication publication with its position
 * @param envelope bytes that travel with it
 */
record PublicationMessage(Publication publication, byte[] envelope) {
    /** Maximum size in bytes. Redis by default disconnects subscribers with twice as many waiting bytes. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    /** First byte of publications, and of other messages that would begin with it. */
    private static final byte MARK = (byte) 0xFF;

    private static final byte MESSAGE = 0;
    private static final byte PUBLICATION = 1;
    private static final int MARK_BYTES = 2;

    /** Size of mark, position and both lengths. */
    static final int MAX_OVERHEAD = MARK_BYTES + 1 + 0xFF + Integer.BYTES;

    /** Returns a message so that it differs from a publication. Messages of nodes are returned as they are. */
    static byte[] mark(byte[] message) {
        if (message.length == 0 || message[0] != MARK) {
            return message;
        }
        return ByteBuffer.allocate(MARK_BYTES + message.length)
                .put(MARK)
                .put(MESSAGE)
                .put(message)
                .array();
    }

    /** Returns the message that was passed to {@link #mark}. */
    static byte[] unmark(byte[] bytes) {
        return isMarked(bytes, MESSAGE) ? Arrays.copyOfRange(bytes, MARK_BYTES, bytes.length) : bytes;
    }

    static boolean isPublication(byte[] bytes) {
        return isMarked(bytes, PUBLICATION);
    }

    private static boolean isMarked(byte[] bytes, byte kind) {
        return bytes.length >= MARK_BYTES && bytes[0] == MARK && bytes[1] == kind;
    }

    /** Returns an envelope with its length before it. */
    static byte[] withLength(byte[] envelope) {
        return ByteBuffer.allocate(Integer.BYTES + envelope.length)
                .putInt(envelope.length)
                .put(envelope)
                .array();
    }

    /** Encodes the message of a publication that is not kept. Scripts encode the other ones. */
    static byte[] notKept(byte[] publication, byte[] envelope) {
        return ByteBuffer.allocate(MARK_BYTES + 1 + envelope.length + publication.length)
                .put(MARK)
                .put(PUBLICATION)
                .put((byte) 0)
                .put(envelope)
                .put(publication)
                .array();
    }

    /**
     * Decodes a message.
     *
     * @throws IllegalArgumentException if no node can have sent it
     */
    static PublicationMessage decode(String topic, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes, MARK_BYTES, bytes.length - MARK_BYTES);
        try {
            byte[] position = new byte[in.get() & 0xFF];
            in.get(position);
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("a publication has a wrong envelope");
            }
            byte[] envelope = new byte[length];
            in.get(envelope);
            Publication publication = PublicationCodec.decode(topic, in);
            return new PublicationMessage(
                    position.length == 0 ? publication : publication.at(position(position)), envelope);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a publication ends too early", e);
        }
    }

    /**
     * Parses a position of a script.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static StreamPosition position(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int colon = text.lastIndexOf(':');
        return new StreamPosition(text.substring(0, Math.max(0, colon)), Long.parseLong(text.substring(colon + 1)));
    }
}
