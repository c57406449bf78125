package io.tankws.transport.jetty;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.support.FrameCursor;
import io.tankws.spi.support.WriteBufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * The writer of encoded frames to a socket. It bypasses Jetty's frame queue, whose bookkeeping costs more than a small
 * frame itself.
 *
 * <p>It extends its serializer, because a message for thousands of clients visits as many writers, and each further
 * object would be another access to memory outside the cache.
 */
final class DirectSocketWriter extends WriteSerializer implements FrameWriter {
    private final EndPoint socket;
    /** The channel to write to; {@code null} if the end point must see the bytes, to encrypt them for example. */
    private final @Nullable SocketChannel channel;

    private final WriteBufferPool buffers;
    private final Consumer<Throwable> onFailure;

    DirectSocketWriter(EndPoint socket, WriteBufferPool buffers, Consumer<Throwable> onFailure) {
        this.socket = socket;
        // An unknown subclass may change the bytes.
        boolean plain = socket instanceof RequestHeadEndPoint || socket.getClass() == SocketChannelEndPoint.class;
        channel = plain ? ((SocketChannelEndPoint) socket).getChannel() : null;
        this.buffers = buffers;
        this.onFailure = onFailure;
    }

    @Override
    public boolean write(List<Frame> frames, WriteCallback callback) {
        if (!enter()) {
            callBack(callback, new ClosedChannelException());
            return false;
        }
        FrameCursor unwritten;
        try {
            unwritten = tryWrite(frames);
        } catch (IOException e) {
            fail(e, callback);
            return false;
        }
        if (unwritten != null) {
            new PendingWrite(unwritten, callback).iterate();
            return false;
        }
        leave().run();
        return true;
    }

    /** Writes what the socket takes, and returns the unwritten frames, or {@code null} if all were written. */
    private @Nullable FrameCursor tryWrite(List<Frame> frames) throws IOException {
        WriteBufferPool.WriteBuffer buffer = buffers.acquire();
        try {
            ByteBuffer bytes = buffer.fill(frames);
            boolean fits = bytes.hasRemaining();
            if (fits && flush(bytes)) {
                return null;
            }
            FrameCursor unwritten = new FrameCursor(frames);
            unwritten.advance(bytes.position());
            return !fits && writeAll(unwritten, buffer, false) ? null : unwritten;
        } finally {
            buffers.release(buffer);
        }
    }

    /**
     * Writes one buffer after the other, and returns whether the socket took everything.
     *
     * @param delayed whether the socket has refused bytes of these frames before, so that bytes taken now are drained
     */
    private boolean writeAll(FrameCursor frames, WriteBufferPool.WriteBuffer buffer, boolean delayed)
            throws IOException {
        while (!frames.isEmpty()) {
            ByteBuffer bytes = buffer.fill(frames);
            boolean taken = flush(bytes);
            frames.advance(bytes.position());
            if (delayed) {
                addDrained(bytes.position());
            }
            if (!taken) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the socket took everything and no encrypted bytes wait in the end point. */
    private boolean flush(ByteBuffer bytes) throws IOException {
        if (channel == null) {
            return socket.flush(bytes);
        }
        channel.write(bytes);
        return !bytes.hasRemaining();
    }

    /** Closes the socket, because a part of a frame may have been sent. */
    private void fail(Throwable cause, WriteCallback callback) {
        end();
        onFailure.accept(cause);
        socket.close(cause);
        Runnable next = leave();
        callBack(callback, cause);
        next.run();
    }

    /** A write that the socket did not take at once. */
    private final class PendingWrite extends IteratingCallback {
        private final FrameCursor frames;
        private final WriteCallback callback;
        private boolean blocked = true;

        /** The size of the piece that the end point is writing, in bytes. */
        private int scheduled;

        PendingWrite(FrameCursor frames, WriteCallback callback) {
            this.frames = frames;
            this.callback = callback;
        }

        @Override
        protected Action process() throws IOException {
            frames.advance(scheduled);
            addDrained(scheduled);
            scheduled = 0;
            if (!blocked && writeAll()) {
                return Action.SUCCEEDED;
            }
            blocked = false;
            schedule();
            return Action.SCHEDULED;
        }

        private boolean writeAll() throws IOException {
            WriteBufferPool.WriteBuffer buffer = buffers.acquire();
            try {
                return DirectSocketWriter.this.writeAll(frames, buffer, true);
            } finally {
                buffers.release(buffer);
            }
        }

        /** Continues when the end point has written one more piece, an empty one if only encrypted bytes wait. */
        private void schedule() {
            ByteBuffer piece = frames.isEmpty() ? BufferUtil.EMPTY_BUFFER : frames.next();
            piece.limit(piece.position() + Math.min(piece.remaining(), WriteBufferPool.BUFFER_BYTES));
            scheduled = piece.remaining();
            socket.write(this, piece);
        }

        @Override
        protected void onCompleteSuccess() {
            Runnable next = leave();
            callBack(callback, null);
            next.run();
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            fail(cause, callback);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
