package io.tankws.transport.javawebsocket;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.support.FrameCursor;
import io.tankws.spi.support.WriteBufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * What a socket has yet to take: the response to the handshake, one batch of frames, the last bytes before the end.
 * Guarded by its {@link PeerChannel}.
 */
final class PendingOutput {
    private static final FrameCursor NOTHING = new FrameCursor(List.of());

    private ByteBuffer first;
    private FrameCursor batch = NOTHING;
    private WriteCallback callback;
    private ByteBuffer last;
    private Runnable afterLast;
    private boolean ended;

    void first(ByteBuffer response) {
        first = response;
    }

    /** Of which so many bytes have been taken already. */
    void batch(List<Frame> frames, int written, WriteCallback whenWritten) {
        if (callback != null) {
            throw new IllegalStateException("a write is in flight");
        }
        batch = new FrameCursor(frames);
        batch.advance(written);
        callback = whenWritten;
    }

    void last(ByteBuffer bytes, Runnable whenWritten) {
        ended = true;
        last = bytes;
        afterLast = whenWritten;
    }

    /** Tells whether nothing may follow. */
    boolean hasEnded() {
        return ended;
    }

    boolean isEmpty() {
        return first == null && batch.isEmpty() && last == null;
    }

    /** Writes what the socket takes, and returns how many bytes it took. */
    long push(SocketChannel socket, WriteBufferPool buffers) throws IOException {
        if (isEmpty()) {
            return 0;
        }
        long pushed = 0;
        WriteBufferPool.WriteBuffer buffer = buffers.acquire();
        try {
            boolean all;
            do {
                ByteBuffer bytes = next(buffer);
                int count = socket.write(bytes);
                taken(count);
                pushed += count;
                all = !bytes.hasRemaining();
            } while (all && !isEmpty());
        } finally {
            buffers.release(buffer);
        }
        return pushed;
    }

    /** What comes next, as far as it fits; kept until {@link #taken}. */
    private ByteBuffer next(WriteBufferPool.WriteBuffer buffer) {
        if (first != null) {
            return first.duplicate();
        }
        return batch.isEmpty() ? last.duplicate() : buffer.fill(batch);
    }

    private void taken(int bytes) {
        int rest = bytes;
        if (first != null) {
            rest -= skip(first, rest);
            first = first.hasRemaining() ? first : null;
        }
        rest -= batch.advance(rest);
        if (last != null) {
            skip(last, rest);
            last = last.hasRemaining() ? last : null;
        }
    }

    /** Returns the callback of a batch that is through, once; else {@code null}. */
    WriteCallback takeWritten() {
        return batch.isEmpty() ? takeCallback() : null;
    }

    /** Returns what follows the last bytes, once, when they are through; else {@code null}. */
    Runnable takeEnd() {
        Runnable result = ended && isEmpty() ? afterLast : null;
        afterLast = result == null ? afterLast : null;
        return result;
    }

    /** Forgets everything, and returns the callback of the batch in flight or {@code null}. */
    WriteCallback abandon() {
        ended = true;
        first = null;
        last = null;
        afterLast = null;
        return takeCallback();
    }

    private WriteCallback takeCallback() {
        WriteCallback result = callback;
        callback = null;
        batch = NOTHING;
        return result;
    }

    private static int skip(ByteBuffer buffer, int bytes) {
        int skipped = Math.min(bytes, buffer.remaining());
        buffer.position(buffer.position() + skipped);
        return skipped;
    }
}
