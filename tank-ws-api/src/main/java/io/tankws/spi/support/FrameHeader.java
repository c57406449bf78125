package io.tankws.spi.support;

import io.tankws.Frame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The header of one frame (RFC 6455 section 5.2), read from pieces of any size. Not thread-safe.
 *
 * <p>The length is known before the masking key has come, so a frame that is too large is found as early as possible.
 */
public final class FrameHeader {
    /** The opcode of a frame that continues a message. */
    public static final int CONTINUATION = 0x0;

    /** The opcode of a close frame. */
    public static final int CLOSE = 0x8;

    /** The opcode of a ping. */
    public static final int PING = 0x9;

    /** The opcode of a pong. */
    public static final int PONG = 0xA;

    private static final int START_BYTES = 2;
    private static final int MASK_BYTES = 4;
    private static final int MIN_LENGTH_IN_2_BYTES = 126;
    private static final int MIN_LENGTH_IN_8_BYTES = 0x10000;

    /** The number of bytes read so far. */
    private byte count;

    /** The number of bytes up to the end of the length, which the second byte determines. */
    private byte lengthEnd = START_BYTES;

    /** The number of bytes of the whole header, which the second byte determines. */
    private byte end = START_BYTES;

    private byte first;
    private byte second;
    private int mask;
    private long payloadLength;

    /** Creates a header of which no byte has been read. */
    public FrameHeader() {}

    /** Forgets the header, to read another one. */
    public void reset() {
        count = 0;
        lengthEnd = START_BYTES;
        end = START_BYTES;
        mask = 0;
        payloadLength = 0;
    }

    /**
     * Reads bytes up to the end of the header.
     *
     * @param source stays as it is
     * @param position the index of the first byte to read
     * @return the index of the first byte that was not read
     */
    public int read(ByteBuffer source, int position) {
        int limit = source.limit();
        int next = position;
        while (next < limit && count < end) {
            read(source.get(next));
            next++;
        }
        return next;
    }

    private void read(byte next) {
        if (count == 0) {
            first = next;
        } else if (count == 1) {
            second = next;
            int start = next & 0x7F;
            int lengthBytes = start < 126 ? 0 : start == 126 ? 2 : 8;
            payloadLength = lengthBytes == 0 ? start : 0;
            lengthEnd = (byte) (START_BYTES + lengthBytes);
            end = (byte) (lengthEnd + (isMasked() ? MASK_BYTES : 0));
        } else if (count < lengthEnd) {
            payloadLength = payloadLength << 8 | next & 0xFF;
        } else {
            mask = mask << 8 | next & 0xFF;
        }
        count++;
    }

    /**
     * Returns whether a byte has been read.
     *
     * @return {@code false} before the first byte
     */
    public boolean hasBegun() {
        return count > 0;
    }

    /**
     * Returns whether the first two bytes have been read. They hold everything but the length and the masking key.
     *
     * @return whether {@link #opcode}, {@link #isFinal}, {@link #reservedBits} and {@link #isMasked} are known
     */
    public boolean hasStart() {
        return count >= START_BYTES;
    }

    /**
     * Returns whether the length has been read.
     *
     * @return whether {@link #payloadLength} and {@link #lengthFault} are known
     */
    public boolean hasLength() {
        return count >= lengthEnd;
    }

    /**
     * Returns whether the whole header has been read, with the masking key if there is one.
     *
     * @return whether the payload follows
     */
    public boolean isComplete() {
        return count == end;
    }

    /**
     * Returns the opcode.
     *
     * @return 0 to 15
     */
    public int opcode() {
        return first & 0xF;
    }

    /**
     * Returns whether this is the header of a control frame.
     *
     * @return whether the opcode is 8 or more
     */
    public boolean isControl() {
        return opcode() >= CLOSE;
    }

    /**
     * Returns whether the frame is the last one of its message.
     *
     * @return the FIN bit
     */
    public boolean isFinal() {
        return (first & 0x80) != 0;
    }

    /**
     * Returns the bits RSV1, RSV2 and RSV3.
     *
     * @return 0 to 7; RSV1 is the 4
     */
    public int reservedBits() {
        return first >> 4 & 0x7;
    }

    /**
     * Returns whether the payload is masked.
     *
     * @return the MASK bit
     */
    public boolean isMasked() {
        return (second & 0x80) != 0;
    }

    /**
     * Returns the length of the payload.
     *
     * @return bytes; negative if the highest bit is set, which {@link #lengthFault} reports
     */
    public long payloadLength() {
        return payloadLength;
    }

    /**
     * Returns the masking key, rotated to apply to payload from the given byte on.
     *
     * @param payloadIndex the index of a payload byte; only its lowest two bits count
     * @return four bytes, the first one in the highest bits
     */
    public int mask(int payloadIndex) {
        return Integer.rotateLeft(mask, (payloadIndex & 3) << 3);
    }

    /**
     * Checks the start of the length: a control frame has at most 125 bytes. Known with {@link #hasStart}.
     *
     * @return the violation of RFC 6455, or {@code null}
     */
    public @Nullable String startFault() {
        return isControl() && lengthEnd > START_BYTES
                ? "control frame larger than " + Frame.MAX_CONTROL_PAYLOAD + " bytes"
                : null;
    }

    /**
     * Checks the length: it has 63 bits and uses as few bytes as possible. Known with {@link #hasLength}.
     *
     * @return the violation of RFC 6455, or {@code null}
     */
    public @Nullable String lengthFault() {
        if (payloadLength < 0) {
            return "length with its top bit set";
        }
        int min = lengthEnd == START_BYTES
                ? 0
                : lengthEnd == START_BYTES + 2 ? MIN_LENGTH_IN_2_BYTES : MIN_LENGTH_IN_8_BYTES;
        return payloadLength < min ? "length in too many bytes" : null;
    }
}
