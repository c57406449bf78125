package io.tankws.transport.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * A write of large buffers in chunks. For each write to a socket the JDK copies the bytes to a direct buffer of the
 * same size, which the thread keeps until it ends. Messages of many megabytes would exhaust the direct memory.
 */
final class ChunkedWrite extends IteratingCallback {
    static final int CHUNK_BYTES = 64 * 1024;

    private final EndPoint socket;
    private final Callback callback;
    private final ByteBuffer[] buffers;
    private final WriteSerializer serializer;
    private final Callback chunkWritten = new ChunkWritten();
    private int index;
    /** The size of the current chunk in bytes. */
    private volatile int chunk;

    /** {@code true} if the socket's write method runs: a chunk that completes then was taken at once. */
    private volatile boolean inWriteCall;

    /**
     * Creates a write that is not started.
     *
     * @param serializer counts the chunks that the socket did not take at once
     */
    ChunkedWrite(EndPoint socket, Callback callback, ByteBuffer[] buffers, WriteSerializer serializer) {
        this.serializer = serializer;
        this.socket = socket;
        this.callback = callback;
        this.buffers = buffers;
    }

    @Override
    protected Action process() {
        while (!buffers[index].hasRemaining()) {
            if (++index == buffers.length) {
                return Action.SUCCEEDED;
            }
        }
        ByteBuffer buffer = buffers[index];
        chunk = Math.min(buffer.remaining(), CHUNK_BYTES);
        // A separate view, because an HTTP/2 stream does not advance the position of a buffer that it takes.
        ByteBuffer view = buffer.duplicate();
        view.limit(view.position() + chunk);
        buffer.position(view.limit());
        inWriteCall = true;
        socket.write(chunkWritten, view);
        inWriteCall = false;
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        callback.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        callback.failed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }

    private final class ChunkWritten implements Callback {
        @Override
        public void succeeded() {
            if (!inWriteCall) {
                serializer.addDrained(chunk);
            }
            ChunkedWrite.this.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            ChunkedWrite.this.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return ChunkedWrite.this.getInvocationType();
        }
    }
}
