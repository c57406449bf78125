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

/**
 * Writes frames as they are, past Jetty's frame queue, whose bookkeeping costs more than a small frame itself.
 *
 * <p>It is its own gate: a message for thousands of clients looks at as many of these, and each further object would be
 * another wait for memory.
 */
final class DirectSocketWriter extends WriteSerializer implements FrameWriter {

    private final EndPoint socket;
    /** {@code null} where the bytes must pass the end point, to be encrypted for example. */
    private final SocketChannel channel;

    private final WriteBufferPool buffers;
    private final Consumer<Throwable> onFailure;

    DirectSocketWriter(EndPoint socket, WriteBufferPool buffers, Consumer<Throwable> onFailure) {
        this.socket = socket;
        // An unknown subclass may do something to the bytes.
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
        FrameCursor rest;
        try {
            rest = push(frames);
        } catch (IOException e) {
            fail(e, callback);
            return false;
        }
        if (rest != null) {
            new Rest(rest, callback).iterate();
            return false;
        }
        leave().run();
        return true;
    }

    /** Writes what the socket takes, and returns what has not left, {@code null} for nothing. */
    private FrameCursor push(List<Frame> frames) throws IOException {
        WriteBufferPool.WriteBuffer buffer = buffers.acquire();
        try {
            ByteBuffer bytes = buffer.fill(frames);
            boolean fits = bytes.hasRemaining();
            if (fits && flush(bytes)) {
                return null;
            }
            FrameCursor rest = new FrameCursor(frames);
            rest.advance(bytes.position());
            return !fits && drain(rest, buffer, false) ? null : rest;
        } finally {
            buffers.release(buffer);
        }
    }

    /** Writes one buffer after the other, and tells whether the socket took it all. */
    private boolean drain(FrameCursor batch, WriteBufferPool.WriteBuffer buffer, boolean refused) throws IOException {
        while (!batch.isEmpty()) {
            ByteBuffer bytes = buffer.fill(batch);
            boolean taken = flush(bytes);
            batch.advance(bytes.position());
            if (refused) {
                drained(bytes.position());
            }
            if (!taken) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether the socket took it all, and none waits to leave. */
    private boolean flush(ByteBuffer bytes) throws IOException {
        if (channel == null) {
            return socket.flush(bytes);
        }
        channel.write(bytes);
        return !bytes.hasRemaining();
    }

    /** Half a frame may be out, so the socket must take nothing more. */
    private void fail(Throwable cause, WriteCallback callback) {
        end();
        onFailure.accept(cause);
        socket.close(cause);
        Runnable next = leave();
        callBack(callback, cause);
        next.run();
    }

    /** What the socket did not take at once. */
    private final class Rest extends IteratingCallback {
        private final FrameCursor batch;
        private final WriteCallback callback;
        private boolean blocked = true;
        /** How much the socket has promised to take. */
        private int scheduled;

        Rest(FrameCursor batch, WriteCallback callback) {
            this.batch = batch;
            this.callback = callback;
        }

        @Override
        protected Action process() throws IOException {
            batch.advance(scheduled);
            drained(scheduled);
            scheduled = 0;
            if (!blocked && push()) {
                return Action.SUCCEEDED;
            }
            blocked = false;
            schedule();
            return Action.SCHEDULED;
        }

        private boolean push() throws IOException {
            WriteBufferPool.WriteBuffer buffer = buffers.acquire();
            try {
                return drain(batch, buffer, true);
            } finally {
                buffers.release(buffer);
            }
        }

        /** Goes on when the socket has taken a piece more; none at all, if only encrypted bytes wait. */
        private void schedule() {
            ByteBuffer piece = batch.isEmpty() ? BufferUtil.EMPTY_BUFFER : batch.next();
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
