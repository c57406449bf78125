package io.tankws.spi.support;

import io.tankws.CloseStatus;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ByteShare;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.wire.Utf8Validator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The reassembly of a connection's data frames into messages within bounds (RFC 6455 sections 5.4 and 8.1). The
 * payload of a frame may arrive in several parts. Not safe for use by several threads.
 *
 * <p>A message that arrives in one part is delivered without a copy. A buffer exists only while a message is
 * incomplete.
 *
 * <p>For transports; not to be extended.
 */
public final class MessageAssembler {
    private static final byte[] EMPTY = {};

    private final ConnectionListener listener;
    private final int maxBytes;
    private final int maxFrameBytes;
    private final int maxFragments;
    private final ByteShare share;
    /** {@code null} unless a text has come in part, so that a text in one part needs no validator of its own. */
    private @Nullable Utf8Validator validator;

    /** {@code true} while a message is incomplete. */
    private boolean open;

    private boolean text;
    private int fragments;
    /** The bytes of the incomplete message, as many as {@link #length}. */
    private byte[] collected = EMPTY;

    private int length;

    /**
     * Creates an assembler without a message.
     *
     * @param listener receives complete messages
     * @param options the bounds
     */
    public MessageAssembler(ConnectionListener listener, AcceptOptions options) {
        this.listener = listener;
        this.maxBytes = options.maxMessageBytes();
        this.maxFrameBytes = options.maxFrameBytes();
        this.maxFragments = options.maxFragments();
        this.share = options.partialMessages();
    }

    /**
     * Begins a data frame and checks its header, before any of its payload arrives.
     *
     * @param opcode 0 for a continuation, 1 for a text, 2 for a binary message
     * @param frameLength the payload length in the header, in bytes
     * @throws ProtocolException if no such frame is allowed now (1002), or the message is too large or has too many
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
     * Adds a part of the payload of the present frame.
     *
     * @param payload unmasked; its position does not change
     * @param last {@code true} if the message ends with this part
     * @throws ProtocolException if a text is not UTF-8 (1007), the message is too large (1009), or the incomplete
     *     messages of all connections are too large together (1013)
     */
    public void payload(ByteBuffer payload, boolean last) throws ProtocolException {
        if (payload.remaining() > maxBytes - length) {
            throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "message larger than " + maxBytes + " bytes");
        }
        if (text && !isValidPart(payload, last)) {
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

    private boolean isValidPart(ByteBuffer part, boolean last) {
        if (validator == null) {
            if (last) {
                return Utf8Validator.isValid(part);
            }
            validator = new Utf8Validator();
        }
        return validator.accept(part) && (!last || validator.complete());
    }

    private void collect(ByteBuffer part) throws ProtocolException {
        int size = part.remaining();
        if (collected.length - length < size) {
            int doubled = (int) Math.min(maxBytes, 2L * collected.length);
            int needed = length + size;
            if (!tryGrow(Math.max(needed, doubled)) && !tryGrow(needed)) {
                throw new ProtocolException(CloseStatus.TRY_AGAIN_LATER, "too many messages received in part");
            }
        }
        part.get(part.position(), collected, length, size);
        length += size;
    }

    private boolean tryGrow(int capacity) {
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
