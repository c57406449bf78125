package io.tankws.testkit;

import io.tankws.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Code and reason as a close frame carries them (RFC 6455 section 5.5.1). */
final class ClosePayload {
    private ClosePayload() {}

    static CloseStatus decode(byte[] payload) {
        return payload.length < 2
                ? CloseStatus.NO_STATUS
                : new CloseStatus(
                        ByteBuffer.wrap(payload).getShort() & 0xFFFF,
                        new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    static byte[] encode(CloseStatus status) {
        if (status.equals(CloseStatus.NO_STATUS)) {
            return new byte[0];
        }
        byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + reason.length)
                .putShort((short) status.code())
                .put(reason)
                .array();
    }
}
