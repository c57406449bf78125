package io.tankws.transport.javawebsocket;

import io.tankws.CloseStatus;
import io.tankws.spi.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The codec of close frames (RFC 6455 section 5.5.1). */
final class ClosePayload {
    private ClosePayload() {}

    static CloseStatus parse(ByteBuffer payload) throws ProtocolException {
        if (!payload.hasRemaining()) {
            return CloseStatus.NO_STATUS;
        }
        if (payload.remaining() == 1) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "close frame with half a code");
        }
        int code = payload.getShort() & 0xFFFF;
        if (code < 1000 || code > 4999 || !new CloseStatus(code, "").isSendable()) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "invalid close code");
        }
        try {
            return new CloseStatus(
                    code, StandardCharsets.UTF_8.newDecoder().decode(payload).toString());
        } catch (CharacterCodingException e) {
            throw new ProtocolException(CloseStatus.INVALID_PAYLOAD, "close reason is not UTF-8");
        }
    }

    /** Encodes a whole frame, without payload if endpoints never send the status. */
    static ByteBuffer frame(CloseStatus status) {
        byte[] reason = status.isSendable() ? status.reason().getBytes(StandardCharsets.UTF_8) : new byte[0];
        int length = status.isSendable() ? 2 + reason.length : 0;
        ByteBuffer frame = ByteBuffer.allocate(2 + length).put((byte) 0x88).put((byte) length);
        if (length > 0) {
            frame.putShort((short) status.code()).put(reason);
        }
        return frame.flip();
    }
}
