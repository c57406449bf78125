package io.tankws.testkit;

import io.tankws.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Handshake and frames of a {@link Swarm}: it sends short ones, masked, and takes the server's as they are. */
final class SwarmFrame {
    static final String HEAD_END = "\r\n\r\n";

    /** Only ever written by wrapping, so one is enough. */
    static final byte[] NORMAL_CLOSE =
            of(8, new byte[] {(byte) (CloseStatus.NORMAL.code() >> 8), (byte) CloseStatus.NORMAL.code()});

    private SwarmFrame() {}

    static byte[] handshake(String target, int port) {
        return ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" + HEAD_END)
                .getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] of(int opcode, byte[] payload) {
        if (payload.length > 125) {
            throw new IllegalArgumentException("members send short frames only");
        }
        byte[] mask = {0x5A, 0x21, 0x7F, 0x13};
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(mask, 0, frame, 2, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ mask[i & 3]);
        }
        return frame;
    }

    /** Returns -1 if too little has come to know. */
    static int headerLength(ByteBuffer buffer) {
        if (buffer.remaining() < 2) {
            return -1;
        }
        int length = buffer.get(buffer.position() + 1) & 0x7F;
        return length < 126 ? 2 : length == 126 ? 4 : 10;
    }

    /** Only where the whole header has come. */
    static int payloadLength(ByteBuffer buffer) {
        int start = buffer.position();
        int length = buffer.get(start + 1) & 0x7F;
        return length < 126
                ? length
                : length == 126 ? buffer.getShort(start + 2) & 0xFFFF : Math.toIntExact(buffer.getLong(start + 2));
    }
}
