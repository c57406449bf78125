package io.tankws.transport.javawebsocket;

import io.tankws.CloseStatus;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.MessageAssembler;
import java.nio.ByteBuffer;

/**
 * Reads the frames of a client as strictly as RFC 6455 section 5 asks, from pieces of any size. Payload is unmasked in
 * the buffer that it came in, so no frame is ever held. Not thread-safe but for {@link #stop}.
 */
final class FrameReader {
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int MAX_HEADER = 14;

    private final ConnectionListener listener;
    private final MessageAssembler assembler;
    private volatile boolean stopped;

    /** {@code null} between frames: most connections are between frames most of the time. */
    private byte[] header;

    private int have;
    private int need = 2;

    /** Whether the header is through and its payload comes. */
    private boolean inPayload;

    private boolean fin;
    private int opcode;
    private long left;
    private int maskIndex;
    private ByteBuffer control;

    FrameReader(ConnectionListener listener, AcceptOptions acceptance) {
        this.listener = listener;
        assembler = new MessageAssembler(listener, acceptance);
    }

    /** Lets a {@link #read} under way call the listener no more. */
    void stop() {
        stopped = true;
    }

    /**
     * Hands over what is whole.
     *
     * @param bytes changed; what follows a close frame stays unread
     * @return what the peer's close frame said, {@code null} if none came
     * @throws ProtocolException if the peer broke the protocol
     */
    CloseStatus read(ByteBuffer bytes) throws ProtocolException {
        if (header == null) {
            header = new byte[MAX_HEADER];
        }
        while (!stopped && (bytes.hasRemaining() || inPayload && left == 0)) {
            if (!inPayload) {
                readHeader(bytes);
            } else if (opcode >= CLOSE) {
                if (collect(bytes) && opcode == CLOSE) {
                    stop();
                    return ClosePayload.parse(control);
                }
            } else {
                readData(bytes);
            }
        }
        if (!inPayload && have == 0) {
            header = null;
            control = null;
        }
        return null;
    }

    private void readHeader(ByteBuffer bytes) throws ProtocolException {
        int count = Math.min(need - have, bytes.remaining());
        bytes.get(header, have, count);
        have += count;
        if (have < need) {
            return;
        }
        if (have == 2) {
            checkStart();
        }
        int lengthEnd = 2 + lengthBytes();
        if (have == lengthEnd) {
            left = length();
            if (opcode < CLOSE) {
                assembler.beginFrame(opcode, left);
            }
            need = lengthEnd + 4;
        } else if (have == 2) {
            need = lengthEnd;
        } else {
            maskIndex = 0;
            inPayload = true;
            control = opcode < CLOSE ? null : ByteBuffer.allocate((int) left);
        }
    }

    private void checkStart() throws ProtocolException {
        fin = (header[0] & 0x80) != 0;
        opcode = header[0] & 0xF;
        if ((header[0] & 0x70) != 0) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "reserved bit set");
        }
        if (opcode > 2 && opcode < CLOSE || opcode > PONG) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "reserved opcode");
        }
        if ((header[1] & 0x80) == 0) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "frame of a client is not masked");
        }
        if (opcode >= CLOSE && (!fin || lengthBytes() > 0)) {
            throw new ProtocolException(
                    CloseStatus.PROTOCOL_ERROR,
                    fin ? "control frame larger than 125 bytes" : "fragmented control frame");
        }
    }

    private int lengthBytes() {
        int start = header[1] & 0x7F;
        return start < 126 ? 0 : start == 126 ? 2 : 8;
    }

    private long length() throws ProtocolException {
        int bytes = lengthBytes();
        if (bytes == 0) {
            return header[1] & 0x7F;
        }
        long length = 0;
        for (int i = 2; i < 2 + bytes; i++) {
            length = length << 8 | header[i] & 0xFF;
        }
        if (length < 0) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "length with its top bit set");
        }
        if (length < (bytes == 2 ? 126 : 0x10000)) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "length in too many bytes");
        }
        return length;
    }

    private boolean collect(ByteBuffer bytes) {
        control.put(unmasked(bytes));
        if (left > 0) {
            return false;
        }
        control.flip();
        endFrame();
        if (opcode == PING) {
            listener.onPing(control.asReadOnlyBuffer());
        } else if (opcode == PONG) {
            listener.onPong(control.asReadOnlyBuffer());
        }
        return true;
    }

    private void readData(ByteBuffer bytes) throws ProtocolException {
        ByteBuffer piece = unmasked(bytes);
        boolean end = left == 0;
        if (end) {
            endFrame();
        }
        assembler.payload(piece, end && fin);
    }

    private void endFrame() {
        inPayload = false;
        have = 0;
        need = 2;
    }

    /** Takes what is there of the frame's payload, at most all of it. */
    private ByteBuffer unmasked(ByteBuffer bytes) {
        int count = (int) Math.min(left, bytes.remaining());
        int from = bytes.position();
        int mask = mask(maskIndex);
        int i = from;
        for (int end = from + count - 3; i < end; i += 4) {
            bytes.putInt(i, bytes.getInt(i) ^ mask);
        }
        for (int shift = 24; i < from + count; i++, shift -= 8) {
            bytes.put(i, (byte) (bytes.get(i) ^ mask >>> shift));
        }
        ByteBuffer piece = bytes.slice(from, count);
        bytes.position(from + count);
        left -= count;
        maskIndex = maskIndex + count & 3;
        return piece;
    }

    /** Returns the mask as one number, turned so that it starts with the given byte of the four. */
    private int mask(int first) {
        int mask = 0;
        for (int i = 0; i < 4; i++) {
            mask = mask << 8 | header[need - 4 + (first + i & 3)] & 0xFF;
        }
        return mask;
    }
}
