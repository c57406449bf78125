package io.tankws.transport.javawebsocket;

import io.tankws.spi.support.RequestLine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a request head up to its empty line. It checks each byte once, however small the pieces are. */
final class RequestHeadBuffer {
    private static final int MIN_CAPACITY = 512;

    private static final byte[] EMPTY = {};
    private static final byte[] HEAD = "HEAD ".getBytes(StandardCharsets.US_ASCII);

    private final int limit;
    private final RequestLine line = new RequestLine();
    private byte[] bytes = EMPTY;
    private int length;
    private boolean complete;

    RequestHeadBuffer(int limit) {
        this.limit = limit;
    }

    /**
     * Takes bytes until the head is complete; the rest stays in the buffer.
     *
     * @return whether the head is complete
     * @throws RequestException with status 431 if the head is too large, or 400 if a byte is not valid at its place
     */
    boolean collect(ByteBuffer source) throws RequestException {
        while (!complete && source.hasRemaining()) {
            if (length == limit) {
                throw new RequestException(431, "the request head is larger than " + limit + " bytes");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(MIN_CAPACITY, 2L * length)));
            }
            byte next = source.get();
            check(next);
            bytes[length++] = next;
            if (length == 2 && next == '\n') {
                // An empty line before the request line is no part of the head (RFC 9112 section 2.2).
                length = 0;
            }
            complete = next == '\n' && length >= 4 && bytes[length - 3] == '\n';
        }
        return complete;
    }

    private void check(byte next) throws RequestException {
        if (!line.isComplete()) {
            if (!line.accepts(next)) {
                throw new RequestException(400, "the request line is malformed");
            }
            return;
        }
        boolean afterReturn = bytes[length - 1] == '\r';
        if (afterReturn != (next == '\n')) {
            throw new RequestException(400, "a line of the request head does not end in CR LF");
        }
        if (next >= 0 && next < ' ' && next != '\t' && next != '\r' && next != '\n' || next == 0x7F) {
            throw new RequestException(400, "the request head has a control character");
        }
    }

    /** Returns the size of the buffer in bytes. */
    int size() {
        return bytes.length;
    }

    /** Returns whether this is the start of a HEAD request, complete or not. */
    boolean isHeadRequest() {
        return length >= HEAD.length && Arrays.equals(bytes, 0, HEAD.length, HEAD, 0, HEAD.length);
    }

    /** Returns the head without its empty line, decoded as ISO 8859-1. */
    String text() {
        return new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1);
    }
}
