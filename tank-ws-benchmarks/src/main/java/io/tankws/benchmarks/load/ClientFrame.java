package io.tankws.benchmarks.load;

import java.nio.ByteBuffer;

/** Masked frames of clients, each with a complete message. */
final class ClientFrame {
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTES = 126;

    /** The mask, which may be constant, because it protects only proxies. No byte is 0, so that servers must unmask. */
    private static final int MASK = 0x9e3779b9;

    private ClientFrame() {}

    /** Appends one frame of at most 65535 bytes. */
    static void put(ByteBuffer out, int opcode, byte[] payload, int at, int length) {
        out.put((byte) (FIN | opcode));
        if (length < TWO_BYTES) {
            out.put((byte) (MASKED | length));
        } else {
            out.put((byte) (MASKED | TWO_BYTES)).putShort((short) length);
        }
        out.putInt(MASK);
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            out.putInt(MASK ^ word(payload, at + i));
        }
        for (; i < length; i++) {
            out.put((byte) (payload[at + i] ^ MASK >>> 24 - 8 * (i & 3)));
        }
    }

    private static int word(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 255) << 16 | (bytes[at + 2] & 255) << 8 | bytes[at + 3] & 255;
    }
}
