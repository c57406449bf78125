package io.tankws.transport.javawebsocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects a request head up to its empty line, byte by byte: each is looked at once, however small the pieces are. */
final class HeadCollector {
    private static final int START = 512;

    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private int length;
    private boolean complete;

    HeadCollector(int limit) {
        this.limit = limit;
    }

    /**
     * Takes bytes until the head is complete; the rest stays in the buffer.
     *
     * @return whether it is complete
     * @throws RequestException 431 if it is too large, 400 if it holds a line feed or carriage return alone
     */
    boolean collect(ByteBuffer source) throws RequestException {
        while (!complete && source.hasRemaining()) {
            if (length == limit) {
                throw new RequestException(431, "the request head is larger than " + limit + " bytes");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(START, 2L * length)));
            }
            byte next = source.get();
            boolean afterReturn = length > 0 && bytes[length - 1] == '\r';
            if (afterReturn != (next == '\n')) {
                throw new RequestException(400, "a line of the request head does not end in CR LF");
            }
            bytes[length++] = next;
            complete = next == '\n' && length >= 4 && bytes[length - 3] == '\n';
        }
        return complete;
    }

    /** Returns the bytes of memory that this takes. */
    int size() {
        return bytes.length;
    }

    /** Returns the head without its empty line; a character stands for each byte. */
    String text() {
        return new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1);
    }
}
