package io.tankws.transport.jetty;

import io.tankws.spi.AcceptOptions;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.eclipse.jetty.websocket.core.exception.MessageTooLargeException;
import org.eclipse.jetty.websocket.core.exception.ProtocolException;

/**
 * Follows the frame headers in what is read, ahead of Jetty's parser, and finds those that announce too much.
 *
 * <p>Jetty hands over large frames in pieces that look like fragments: it hides the announced length and the number of
 * true fragments. Without pieces it would allocate what a header announces before any of it has come.
 */
final class FrameHeaderChecker {
    private static final int CONTINUATION = 0;
    private static final int CONTROL = 8;
    private static final int CLOSE = 8;
    private static final int MAX_HEADER = 10;

    private final int maxMessageBytes;
    private final int slack;
    private final int maxFrameBytes;
    private final int maxFragments;

    /** {@code null} between headers. */
    private byte[] header;

    private int headerBytes;
    private long skip;
    private long messageBytes;
    private int fragments;
    private boolean inClose;
    private boolean ended;

    FrameHeaderChecker(AcceptOptions acceptance, boolean compressed) {
        maxMessageBytes = acceptance.maxMessageBytes();
        // What does not compress gets larger by a few bytes per block; the inflated size is bounded elsewhere.
        slack = compressed ? maxMessageBytes / 64 + 64 : 0;
        maxFrameBytes = acceptance.maxFrameBytes();
        maxFragments = acceptance.maxFragments();
    }

    /** Returns whether a whole close frame has come: nothing after it is a frame. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Follows the headers in the bytes from {@code position} to the limit. Bytes after a close frame are cut off.
     *
     * @return {@code null}, or the fault; the limit is then where the sound bytes end
     */
    CloseException check(ByteBuffer buffer, int position) {
        int at = position;
        while (at < buffer.limit()) {
            if (skip > 0) {
                int step = (int) Math.min(skip, buffer.limit() - at);
                skip -= step;
                at += step;
                endAfterClose(buffer, at);
                continue;
            }
            int headerStart = at;
            header = header == null ? new byte[MAX_HEADER] : header;
            while (at < buffer.limit() && headerBytes < headerLength()) {
                header[headerBytes++] = buffer.get(at++);
            }
            if (headerBytes < headerLength()) {
                return null;
            }
            CloseException fault = judge();
            if (fault != null) {
                buffer.limit(headerStart);
                return fault;
            }
            headerBytes = 0;
            endAfterClose(buffer, at);
        }
        header = null;
        return null;
    }

    private void endAfterClose(ByteBuffer buffer, int at) {
        if (inClose && skip == 0) {
            ended = true;
            buffer.limit(at);
        }
    }

    /** Without the mask, which counts as payload here. */
    private int headerLength() {
        if (headerBytes < 2) {
            return 2;
        }
        int length = header[1] & 0x7F;
        return length < 126 ? 2 : length == 126 ? 4 : 10;
    }

    private CloseException judge() {
        int opcode = header[0] & 0x0F;
        long length = payloadLength();
        skip = length + ((header[1] & 0x80) != 0 ? 4 : 0);
        inClose = opcode == CLOSE;
        if (opcode >= CONTROL) {
            return length > 125 || length < 0 ? new ProtocolException("control frame larger than 125 bytes") : null;
        }
        if (length < 0 || length < leastLength()) {
            return new ProtocolException(length < 0 ? "length with its top bit set" : "length in too many bytes");
        }
        if (opcode != CONTINUATION) {
            messageBytes = 0;
            fragments = 0;
        }
        if (length > (long) maxMessageBytes + slack - messageBytes) {
            return new MessageTooLargeException("message larger than " + maxMessageBytes + " bytes");
        }
        if (length > maxFrameBytes) {
            return new MessageTooLargeException("frame larger than " + maxFrameBytes + " bytes");
        }
        messageBytes += length;
        return ++fragments > maxFragments
                ? new MessageTooLargeException("more than " + maxFragments + " fragments")
                : null;
    }

    /** RFC 6455 section 5.2 allows the shortest form alone. */
    private int leastLength() {
        return headerBytes == 2 ? 0 : headerBytes == 4 ? 126 : 0x10000;
    }

    private long payloadLength() {
        int length = header[1] & 0x7F;
        if (length < 126) {
            return length;
        }
        long result = 0;
        for (int i = 2; i < headerBytes; i++) {
            result = result << 8 | header[i] & 0xFF;
        }
        return result;
    }
}
