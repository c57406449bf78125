package io.tankws.spi.support;

import io.tankws.CloseStatus;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ByteShare;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.wire.Utf8Validator;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts the data frames of one connection together again and hands whole messages to its listener, within bounds
 * (RFC 6455 sections 5.4, 8.1). A frame may come in several pieces, as some transports deliver them. Not thread-safe.
 *
 * <p>A message that comes whole is handed over without a copy; a buffer exists only while a message is incomplete.
 */
public final class MessageAssembler {
    private static final byte[] EMPTY = {};

    private final ConnectionListener listener;
    private final int maxBytes;
    private final int maxFrameBytes;
    private final int maxFragments;
    private final ByteShare share;
    /** {@code null} between texts. */
    private Utf8Validator validator;

    private boolean open;
    private boolean text;
    private int fragments;
    private byte[] collected = EMPTY;
    private int length;

    /**
     * Starts without a message.
     *
     * @param listener receives whole messages
     * @param acceptance tells the bounds
     */
    public MessageAssembler(ConnectionListener listener, AcceptOptions acceptance) {
        this.listener = listener;
        this.maxBytes = acceptance.maxMessageBytes();
        this.maxFrameBytes = acceptance.maxFrameBytes();
        this.maxFragments = acceptance.maxFragments();
        this.share = acceptance.partialMessages();
    }

    /**
     * Checks the header of a data frame, before any of its payload is there.
     *
     * @param opcode 0 to continue a message, 1 for a text, 2 for a binary message
     * @param frameLength the payload length that the header announces
     * @throws ProtocolException if no such frame may come now (1002), or the message gets too large or has too many
     *     fragments (1009)
     */
    public void beginFrame(int opcode, long frameLength) throws ProtocolException {
        if (open != (opcode == 0)) {
            throw new ProtocolException(
                    CloseStatus.PROTOCOL_ERROR, open ? "message inside a message" : "continuation of nothing");
        }
        if (!open) {
            open = true;
            text = opcode == 1;
            fragments = 0;
            validator = text ? new Utf8Validator() : null;
        }
        if (frameLength > maxBytes - length) {
            throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "message larger than " + maxBytes + " bytes");
        }
        if (frameLength > maxFrameBytes) {
            throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "frame larger than " + maxFrameBytes + " bytes");
        }
        if (++fragments > maxFragments) {
            throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "more than " + maxFragments + " fragments");
        }
    }

    /**
     * Takes a piece of the payload of the frame that began last.
     *
     * @param payload unmasked; its position stays
     * @param last whether the message ends with this piece
     * @throws ProtocolException if a text is not UTF-8 (1007), the message gets too large (1009), or too many bytes of
     *     messages received in part are held already (1013)
     */
    public void payload(ByteBuffer payload, boolean last) throws ProtocolException {
        if (payload.remaining() > maxBytes - length) {
            throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "message larger than " + maxBytes + " bytes");
        }
        if (text && (!validator.accept(payload) || last && !validator.complete())) {
            throw new ProtocolException(CloseStatus.INVALID_PAYLOAD, "text is not UTF-8");
        }
        if (!last) {
            collect(payload);
            return;
        }
        validator = null;
        if (length == 0) {
            open = false;
            deliver(payload.asReadOnlyBuffer());
        } else {
            collect(payload);
            ByteBuffer whole = ByteBuffer.wrap(collected, 0, length).asReadOnlyBuffer();
            open = false;
            length = 0;
            share.give(collected.length);
            collected = EMPTY;
            deliver(whole);
        }
    }

    private void collect(ByteBuffer piece) throws ProtocolException {
        int size = piece.remaining();
        if (collected.length - length < size) {
            int doubled = (int) Math.min(maxBytes, 2L * collected.length);
            int needed = length + size;
            if (!grows(Math.max(needed, doubled)) && !grows(needed)) {
                throw new ProtocolException(CloseStatus.TRY_AGAIN_LATER, "too many messages received in part");
            }
        }
        piece.get(piece.position(), collected, length, size);
        length += size;
    }

    private boolean grows(int capacity) {
        boolean taken = share.take(capacity - collected.length);
        if (taken) {
            collected = Arrays.copyOf(collected, capacity);
        }
        return taken;
    }

    private void deliver(ByteBuffer message) {
        if (text) {
            listener.onText(message);
        } else {
            listener.onBinary(message);
        }
    }
}
