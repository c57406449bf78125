package io.tankws;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A complete WebSocket frame from server to client: final, unmasked, without extension bits (RFC 6455 section 5.2).
 *
 * <p>Its bytes are encoded once and shared by all receivers. Immutable and thread-safe.
 */
public final class Frame {
    /** The opcodes of the frames that a server sends (RFC 6455 section 11.8). */
    public enum Opcode {
        /** A complete text message in UTF-8. */
        TEXT(0x1),
        /** A complete binary message. */
        BINARY(0x2),
        /** A ping, at most 125 bytes. */
        PING(0x9),
        /** A pong, at most 125 bytes. */
        PONG(0xA);

        private final int value;

        Opcode(int value) {
            this.value = value;
        }

        /**
         * Returns the value of the four opcode bits.
         *
         * @return 0x1, 0x2, 0x9 or 0xA
         */
        public int value() {
            return value;
        }

        /**
         * Returns whether this is a control frame.
         *
         * @return {@code true} for a ping or a pong
         */
        public boolean isControl() {
            return value >= 0x8;
        }
    }

    /** The largest payload of a control frame in bytes (RFC 6455 section 5.5). */
    public static final int MAX_CONTROL_PAYLOAD = 125;

    private final Opcode opcode;
    private final byte[] wire;
    private final int headerLength;

    private Frame(Opcode opcode, byte[] wire, int headerLength) {
        this.opcode = opcode;
        this.wire = wire;
        this.headerLength = headerLength;
    }

    /**
     * Encodes a frame.
     *
     * @param opcode opcode of the frame
     * @param payload payload; copied from its position to its limit, which do not change
     * @return the frame
     * @throws IllegalArgumentException if the payload of a control frame is larger than {@link #MAX_CONTROL_PAYLOAD}
     */
    public static Frame of(Opcode opcode, ByteBuffer payload) {
        int length = payload.remaining();
        if (opcode.isControl() && length > MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a control frame holds at most " + MAX_CONTROL_PAYLOAD + " bytes, not " + length);
        }
        int header = length < 126 ? 2 : length < 65536 ? 4 : 10;
        byte[] wire = new byte[header + length];
        wire[0] = (byte) (0x80 | opcode.value());
        if (header == 2) {
            wire[1] = (byte) length;
        } else if (header == 4) {
            wire[1] = 126;
            wire[2] = (byte) (length >>> 8);
            wire[3] = (byte) length;
        } else {
            wire[1] = 127;
            for (int i = 0; i < 4; i++) {
                wire[6 + i] = (byte) (length >>> (24 - 8 * i));
            }
        }
        payload.get(payload.position(), wire, header, length);
        return new Frame(opcode, wire, header);
    }

    /**
     * Returns the opcode.
     *
     * @return the opcode
     */
    public Opcode opcode() {
        return opcode;
    }

    /**
     * Returns the payload.
     *
     * @return a read-only view, new at each call
     */
    public ByteBuffer payload() {
        return bytes().position(headerLength).slice();
    }

    /**
     * Returns the length of the payload.
     *
     * @return bytes
     */
    public int payloadLength() {
        return wire.length - headerLength;
    }

    /**
     * Returns header and payload, as they go to the wire.
     *
     * @return a read-only view, new at each call
     */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(wire).asReadOnlyBuffer();
    }

    /**
     * Copies header and payload, as they go to the wire.
     *
     * @param target receives {@link #length()} bytes from its position on
     * @throws java.nio.BufferOverflowException if they do not fit
     */
    public void copyTo(ByteBuffer target) {
        Objects.requireNonNull(target, "target").put(wire);
    }

    /**
     * Returns the length of header and payload together.
     *
     * @return bytes
     */
    public int length() {
        return wire.length;
    }

    /** Returns kind and size, never the content. */
    @Override
    public String toString() {
        return opcode + "[" + payloadLength() + " bytes]";
    }
}
