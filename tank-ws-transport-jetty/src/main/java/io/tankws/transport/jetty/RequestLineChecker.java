package io.tankws.transport.jetty;

import io.tankws.spi.support.RequestLine;
import java.nio.ByteBuffer;

/**
 * Checks the request line of a connection before Jetty parses it, because Jetty takes several forms that are not HTTP: more
 * than one blank between the parts, a version in small letters, raw UTF-8 in a query. Each read of the socket passes through
 * here until the line is complete. A port of our own serves one request on each connection.
 */
final class RequestLineChecker {
    /** A byte that Jetty refuses with status 400 wherever it comes in a request line. */
    private static final byte REFUSED = 0;

    private RequestLine line = new RequestLine();

    /**
     * Checks what a read has brought.
     *
     * @param buffer what is not parsed yet, between position and limit
     * @param filled how many bytes at its end are new; 0 or negative if none are
     */
    void check(ByteBuffer buffer, int filled) {
        RequestLine expected = line;
        if (expected == null || filled <= 0) {
            return;
        }
        for (int i = buffer.limit() - filled; i < buffer.limit() && !expected.isComplete(); i++) {
            if (!expected.accepts(buffer.get(i))) {
                buffer.put(i, REFUSED);
                line = null;
                return;
            }
        }
        if (expected.isComplete()) {
            line = null;
        }
    }
}
