package io.tankws.transport.jetty;

import io.tankws.spi.support.RequestLine;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The check of a connection's request line before Jetty parses it. Jetty accepts several forms that are not HTTP: more
 * than one blank between the parts, a version in lower case, and raw UTF-8 in a query. Each read of the socket is
 * checked until the line is complete. A port of our own serves one request on each connection.
 */
final class RequestLineChecker {
    /** A byte that Jetty rejects with status 400 anywhere in a request line. */
    private static final byte INVALID = 0;

    /** The state of the check; {@code null} when it has ended. */
    private @Nullable RequestLine line = new RequestLine();

    /**
     * Checks the bytes of one read.
     *
     * @param buffer bytes that are not parsed, from position to limit
     * @param filled the number of new bytes at its end; 0 or negative if there are none
     */
    void check(ByteBuffer buffer, int filled) {
        RequestLine expected = line;
        if (expected == null || filled <= 0) {
            return;
        }
        for (int i = buffer.limit() - filled; i < buffer.limit() && !expected.isComplete(); i++) {
            if (!expected.accepts(buffer.get(i))) {
                buffer.put(i, INVALID);
                line = null;
                return;
            }
        }
        if (expected.isComplete()) {
            line = null;
        }
    }
}
