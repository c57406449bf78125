package io.tankws.transport.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Writes large buffers piece by piece. The JDK copies what leaves through a socket to a direct buffer as large as what it
 * is given, and each thread keeps its own for ever: whole messages of many megabytes would soon exhaust that memory.
 */
final class ChunkedWrite extends IteratingCallback {
    static final int SLICE_BYTES = 64 * 1024;

    private final EndPoint socket;
    private final Callback callback;
    private final ByteBuffer[] buffers;
    private final WriteSerializer gate;
    private final Callback sliceWritten = new SliceWritten();
    private int index;
    private volatile int slice;
    /** Whether a slice that ends has been taken at once. */
    private volatile boolean handingOver;

    /** Where a slice that the socket did not take at once is counted. */
    ChunkedWrite(EndPoint socket, Callback callback, ByteBuffer[] buffers, WriteSerializer gate) {
        this.gate = gate;
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
        slice = Math.min(buffer.remaining(), SLICE_BYTES);
        // A view of its own: an HTTP/2 stream leaves the position of what it is given as it was.
        ByteBuffer view = buffer.duplicate();
        view.limit(view.position() + slice);
        buffer.position(view.limit());
        handingOver = true;
        socket.write(sliceWritten, view);
        handingOver = false;
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

    private final class SliceWritten implements Callback {
        @Override
        public void succeeded() {
            if (!handingOver) {
                gate.drained(slice);
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
