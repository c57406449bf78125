package io.tankws.transport.jetty;

import io.tankws.spi.AcceptOptions;
import io.tankws.spi.support.FrameHeader;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.eclipse.jetty.websocket.core.exception.MessageTooLargeException;
import org.eclipse.jetty.websocket.core.exception.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The check of the frame headers of one connection, before Jetty parses them: finds frames and messages that are too
 * large and messages with too many fragments.
 *
 * <p>Jetty hands over large frames in pieces that look like fragments, so that neither the announced length nor the
 * number of true fragments is visible afterwards. Without pieces it would allocate the announced length before the
 * payload has come.
 */
@SuppressWarnings("NullAway") // a frame in progress has a header
final class FrameHeaderChecker {
    private final int maxMessageBytes;
    private final int deflateAllowance;
    private final int maxFrameBytes;
    private final int maxFragments;

    /** The header that is being read; {@code null} between reads that end within a payload or between frames. */
    private @Nullable FrameHeader header;

    /** The payload bytes of the current frame that have not come, in bytes. */
    private long payloadRemaining;

    /** The payload of the frames of the current message, in bytes. */
    private long messageBytes;

    private int fragments;
    private boolean inCloseFrame;
    private boolean ended;

    FrameHeaderChecker(AcceptOptions options, boolean compressed) {
        maxMessageBytes = options.maxMessageBytes();
        // Incompressible data grows by a few bytes per block. The inflated size is bounded by the MessageAssembler.
        deflateAllowance = compressed ? maxMessageBytes / 64 + 64 : 0;
        maxFrameBytes = options.maxFrameBytes();
        maxFragments = options.maxFragments();
    }

    /** Returns whether a whole close frame has come. No bytes after it are a frame. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Checks the headers in the bytes from {@code position} to the limit. Sets the limit to the end of a close frame.
     *
     * @return {@code null} or the violation; the limit is then where the valid bytes end
     */
    @Nullable
    CloseException check(ByteBuffer buffer, int position) {
        int next = position;
        while (next < buffer.limit()) {
            if (payloadRemaining > 0) {
                int step = (int) Math.min(payloadRemaining, buffer.limit() - next);
                payloadRemaining -= step;
                next += step;
                endAfterClose(buffer, next);
                continue;
            }
            int headerStart = next;
            if (header == null) {
                header = new FrameHeader();
            }
            boolean lengthChecked = header.hasLength();
            next = header.read(buffer, next);
            CloseException fault = lengthChecked ? null : checkHeader();
            if (fault != null) {
                buffer.limit(headerStart);
                return fault;
            }
            if (!header.isComplete()) {
                return null;
            }
            payloadRemaining = header.payloadLength();
            header.reset();
            endAfterClose(buffer, next);
        }
        header = null;
        return null;
    }

    private void endAfterClose(ByteBuffer buffer, int end) {
        if (inCloseFrame && payloadRemaining == 0) {
            ended = true;
            buffer.limit(end);
        }
    }

    private @Nullable CloseException checkHeader() {
        if (header.hasStart() && header.startFault() != null) {
            return new ProtocolException(header.startFault());
        }
        if (!header.hasLength()) {
            return null;
        }
        inCloseFrame = header.opcode() == FrameHeader.CLOSE;
        if (header.lengthFault() != null) {
            return new ProtocolException(header.lengthFault());
        }
        return header.isControl() ? null : checkMessage(header.payloadLength());
    }

    private @Nullable CloseException checkMessage(long frameBytes) {
        if (header.opcode() != FrameHeader.CONTINUATION) {
            messageBytes = 0;
            fragments = 0;
        }
        if (frameBytes > (long) maxMessageBytes + deflateAllowance - messageBytes) {
            return new MessageTooLargeException("message larger than " + maxMessageBytes + " bytes");
        }
        if (frameBytes > maxFrameBytes) {
            return new MessageTooLargeException("frame larger than " + maxFrameBytes + " bytes");
        }
        messageBytes += frameBytes;
        fragments++;
        return fragments > maxFragments
                ? new MessageTooLargeException("more than " + maxFragments + " fragments")
                : null;
    }
}
