package io.tankws.transport.javawebsocket;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.support.FrameCursor;
import io.tankws.spi.support.WriteBufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output that waits for a socket: the response to the handshake, one write of frames, and the final bytes. Guarded
 * by its {@link PeerChannel}.
 */
final class PendingOutput {
    private static final FrameCursor NO_FRAMES = new FrameCursor(List.of());

    private @Nullable ByteBuffer response;
    private FrameCursor frames = NO_FRAMES;
    private @Nullable WriteCallback callback;
    private @Nullable ByteBuffer finalBytes;
    private @Nullable Runnable afterFinal;
    private boolean ended;

    void addResponse(ByteBuffer bytes) {
        response = bytes;
    }

    /**
     * Adds a write of frames.
     *
     * @param written the number of their bytes that the socket has taken before
     * @throws IllegalStateException if a write is in flight
     */
    void addFrames(List<Frame> added, int written, WriteCallback whenWritten) {
        if (callback != null) {
            throw new IllegalStateException("a write is in flight");
        }
        frames = new FrameCursor(added);
        frames.advance(written);
        callback = whenWritten;
    }

    void addFinal(ByteBuffer bytes, Runnable whenWritten) {
        ended = true;
        finalBytes = bytes;
        afterFinal = whenWritten;
    }

    /** Returns whether no more output may be added. */
    boolean hasEnded() {
        return ended;
    }

    boolean isEmpty() {
        return response == null && frames.isEmpty() && finalBytes == null;
    }

    /** Writes what the socket takes, and returns the number of bytes. */
    long writeTo(SocketChannel socket, WriteBufferPool buffers) throws IOException {
        if (isEmpty()) {
            return 0;
        }
        long written = 0;
        WriteBufferPool.WriteBuffer buffer = buffers.acquire();
        try {
            boolean all;
            do {
                ByteBuffer bytes = next(buffer);
                int count = socket.write(bytes);
                advance(count);
                written += count;
                all = !bytes.hasRemaining();
            } while (all && !isEmpty());
        } finally {
            buffers.release(buffer);
        }
        return written;
    }

    /** Returns the next bytes, as many as fit into the buffer. They stay until {@link #advance}. */
    @SuppressWarnings("NullAway") // called only while there is output
    private ByteBuffer next(WriteBufferPool.WriteBuffer buffer) {
        if (response != null) {
            return response.duplicate();
        }
        return frames.isEmpty() ? finalBytes.duplicate() : buffer.fill(frames);
    }

    private void advance(int bytes) {
        int remaining = bytes;
        if (response != null) {
            remaining -= skip(response, remaining);
            response = response.hasRemaining() ? response : null;
        }
        remaining -= frames.advance(remaining);
        if (finalBytes != null) {
            skip(finalBytes, remaining);
            finalBytes = finalBytes.hasRemaining() ? finalBytes : null;
        }
    }

    /** Returns the callback of a write that is complete, once, or {@code null}. */
    @Nullable
    WriteCallback takeCompleted() {
        return frames.isEmpty() ? takeCallback() : null;
    }

    /** Returns the action that follows the final bytes, once, when they are written, or {@code null}. */
    @Nullable
    Runnable takeAfterFinal() {
        Runnable result = ended && isEmpty() ? afterFinal : null;
        afterFinal = result == null ? afterFinal : null;
        return result;
    }

    /** Discards all output, and returns the callback of the write in flight or {@code null}. */
    @Nullable
    WriteCallback abandon() {
        ended = true;
        response = null;
        finalBytes = null;
        afterFinal = null;
        return takeCallback();
    }

    private @Nullable WriteCallback takeCallback() {
        WriteCallback result = callback;
        callback = null;
        frames = NO_FRAMES;
        return result;
    }

    private static int skip(ByteBuffer buffer, int bytes) {
        int skipped = Math.min(bytes, buffer.remaining());
        buffer.position(buffer.position() + skipped);
        return skipped;
    }
}
