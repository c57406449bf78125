package io.tankws.transport.javawebsocket;

import io.tankws.CloseStatus;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.FrameHeader;
import io.tankws.spi.support.MessageAssembler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The strict reader of one client's frames (RFC 6455 section 5), from pieces of any size. It unmasks payload in the
 * buffer that it came in, so it holds no frame. Not thread-safe, except for {@link #stop}.
 */
@SuppressWarnings("NullAway") // a frame in progress has a header, and a control frame its payload
final class FrameReader {
    private static final int MAX_DATA_OPCODE = 0x2;

    private final ConnectionListener listener;
    private final MessageAssembler assembler;
    private volatile boolean stopped;

    /** The header of the current frame; {@code null} between frames, where most connections are most of the time. */
    private @Nullable FrameHeader header;

    /** The payload bytes of the current frame that have not come, in bytes. */
    private long remaining;

    /** The index of the next payload byte, modulo 4. */
    private int maskIndex;

    /** The payload of a control frame; {@code null} in other frames. */
    private @Nullable ByteBuffer control;

    FrameReader(ConnectionListener listener, AcceptOptions acceptance) {
        this.listener = listener;
        assembler = new MessageAssembler(listener, acceptance);
    }

    /** Stops the calls of the listener, also those of a {@link #read} in progress. */
    void stop() {
        stopped = true;
    }

    /**
     * Hands over whole messages and control frames to the listener.
     *
     * @param bytes changed; bytes after a close frame stay unread
     * @return the status of the peer's close frame, or {@code null} if none came
     * @throws ProtocolException if the peer violates the protocol
     */
    @Nullable
    CloseStatus read(ByteBuffer bytes) throws ProtocolException {
        if (header == null) {
            header = new FrameHeader();
        }
        while (!stopped && (bytes.hasRemaining() || header.isComplete() && remaining == 0)) {
            if (!header.isComplete()) {
                readHeader(bytes);
            } else if (header.isControl()) {
                if (readControl(bytes)) {
                    stop();
                    return ClosePayload.parse(control);
                }
            } else {
                readData(bytes);
            }
        }
        if (!header.hasBegun()) {
            header = null;
            control = null;
        }
        return null;
    }

    private void readHeader(ByteBuffer bytes) throws ProtocolException {
        boolean lengthChecked = header.hasLength();
        bytes.position(header.read(bytes, bytes.position()));
        if (!header.hasStart()) {
            return;
        }
        checkStart();
        if (!lengthChecked && header.hasLength()) {
            require(header.lengthFault());
            if (!header.isControl()) {
                assembler.beginFrame(header.opcode(), header.payloadLength());
            }
        }
        if (header.isComplete()) {
            remaining = header.payloadLength();
            maskIndex = 0;
            control = header.isControl() ? ByteBuffer.allocate((int) remaining) : null;
        }
    }

    private void checkStart() throws ProtocolException {
        if (header.reservedBits() != 0) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "reserved bit set");
        }
        int opcode = header.opcode();
        if (opcode > MAX_DATA_OPCODE && opcode < FrameHeader.CLOSE || opcode > FrameHeader.PONG) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "reserved opcode");
        }
        if (!header.isMasked()) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "frame of a client is not masked");
        }
        if (header.isControl() && !header.isFinal()) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "fragmented control frame");
        }
        require(header.startFault());
    }

    private static void require(@Nullable String fault) throws ProtocolException {
        if (fault != null) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, fault);
        }
    }

    /** Returns whether a whole close frame has come. Hands over pings and pongs. */
    private boolean readControl(ByteBuffer bytes) {
        control.put(unmask(bytes));
        if (remaining > 0) {
            return false;
        }
        control.flip();
        int opcode = header.opcode();
        if (opcode == FrameHeader.CLOSE) {
            return true;
        }
        header.reset();
        if (opcode == FrameHeader.PING) {
            listener.onPing(control.asReadOnlyBuffer());
        } else {
            listener.onPong(control.asReadOnlyBuffer());
        }
        return false;
    }

    private void readData(ByteBuffer bytes) throws ProtocolException {
        ByteBuffer piece = unmask(bytes);
        boolean frameEnds = remaining == 0;
        boolean messageEnds = frameEnds && header.isFinal();
        if (frameEnds) {
            header.reset();
        }
        assembler.payload(piece, messageEnds);
    }

    /** Returns the part of the payload that is in the buffer, and moves the buffer's position after it. */
    private ByteBuffer unmask(ByteBuffer bytes) {
        int length = (int) Math.min(remaining, bytes.remaining());
        int start = bytes.position();
        int end = start + length;
        int mask = header.mask(maskIndex);
        int i = start;
        for (; i < end - 3; i += 4) {
            bytes.putInt(i, bytes.getInt(i) ^ mask);
        }
        for (int shift = 24; i < end; i++, shift -= 8) {
            bytes.put(i, (byte) (bytes.get(i) ^ mask >>> shift));
        }
        ByteBuffer piece = bytes.slice(start, length);
        bytes.position(end);
        remaining -= length;
        maskIndex = maskIndex + length & 3;
        return piece;
    }
}
