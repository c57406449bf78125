package io.tankws.transport.jetty;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.FrameBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes frames as they are, past Jetty's frame queue, whose bookkeeping costs more than a small frame itself.
 *
 * <p>They go out through a direct buffer that is borrowed for the time of a system call: the JDK would copy them into
 * one of its own, frame by frame, and a peer that does not read must not hold more than its frames.
 */
final class SocketWriter extends IteratingCallback implements FrameWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SocketWriter.class);
    static final int BUFFER_BYTES = 32 * 1024;

    private record Write(FrameBatch batch, WriteCallback callback) {}

    private final EndPoint socket;
    private final WriteGate gate;
    private final ByteBufferPool buffers;
    private final Consumer<Throwable> onFailure;
    private volatile Write write;
    /** How much the socket has promised to take. */
    private int scheduled;

    SocketWriter(EndPoint socket, WriteGate gate, ByteBufferPool buffers, Consumer<Throwable> onFailure) {
        this.socket = socket;
        this.gate = gate;
        this.buffers = buffers;
        this.onFailure = onFailure;
    }

    @Override
    public void write(List<Frame> frames, WriteCallback callback) {
        if (gate.enter()) {
            write = new Write(new FrameBatch(frames), callback);
            iterate();
        } else {
            callBack(callback, new ClosedChannelException());
        }
    }

    @Override
    protected Action process() throws IOException {
        Write current = write;
        if (current == null) {
            return Action.IDLE;
        }
        FrameBatch batch = current.batch();
        batch.advance(scheduled);
        scheduled = 0;
        while (!batch.isEmpty()) {
            if (!push(batch)) {
                schedule(batch);
                return Action.SCHEDULED;
            }
        }
        write = null;
        Runnable next = gate.leave();
        callBack(current.callback(), null);
        next.run();
        return Action.IDLE;
    }

    /** Writes what fits into a buffer, and tells whether the socket took it all. */
    private boolean push(FrameBatch batch) throws IOException {
        RetainableByteBuffer borrowed = buffers.acquire(BUFFER_BYTES, true);
        ByteBuffer buffer = borrowed.getByteBuffer();
        try {
            batch.copyTo(buffer.clear());
            int bytes = buffer.flip().remaining();
            boolean taken = socket.flush(buffer);
            batch.advance(bytes - buffer.remaining());
            return taken;
        } finally {
            BufferUtil.clear(buffer);
            borrowed.release();
        }
    }

    /** Goes on when the socket has taken a piece more; none at all, if only encrypted bytes wait. */
    private void schedule(FrameBatch batch) {
        ByteBuffer piece = batch.isEmpty() ? BufferUtil.EMPTY_BUFFER : batch.next();
        piece.limit(piece.position() + Math.min(piece.remaining(), BUFFER_BYTES));
        scheduled = piece.remaining();
        socket.write(this, piece);
    }

    /** Half a frame may be out, so the socket must take nothing more. */
    @Override
    protected void onCompleteFailure(Throwable cause) {
        Write failed = write;
        gate.end();
        onFailure.accept(cause);
        socket.close(cause);
        Runnable next = gate.leave();
        if (failed != null) {
            callBack(failed.callback(), cause);
        }
        next.run();
    }

    private static void callBack(WriteCallback callback, Throwable failure) {
        try {
            callback.onWritten(failure);
        } catch (RuntimeException e) {
            LOG.error("A write callback failed", e);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
