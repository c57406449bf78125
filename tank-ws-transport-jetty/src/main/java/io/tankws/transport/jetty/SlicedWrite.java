package io.tankws.transport.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Writes large buffers piece by piece. The JDK copies what leaves through a socket to a direct buffer as large as what it
 * is given, and each thread keeps its own for ever: whole messages of many megabytes would soon exhaust that memory.
 */
final class SlicedWrite extends IteratingCallback {
    static final int SLICE_BYTES = 64 * 1024;

    private final EndPoint socket;
    private final Callback callback;
    private final ByteBuffer[] buffers;
    private final WriteGate gate;
    private final Callback sliceWritten = new SliceWritten();
    private int index;
    private int end;
    private volatile int slice;
    /** Whether a slice that ends has been taken at once. */
    private volatile boolean handingOver;

    /** Where a slice that the socket did not take at once is counted. */
    SlicedWrite(EndPoint socket, Callback callback, ByteBuffer[] buffers, WriteGate gate) {
        this.gate = gate;
        this.socket = socket;
        this.callback = callback;
        this.buffers = buffers;
        end = buffers[0].limit();
    }

    @Override
    protected Action process() {
        while (buffers[index].position() == end) {
            buffers[index].limit(end);
            if (++index == buffers.length) {
                return Action.SUCCEEDED;
            }
            end = buffers[index].limit();
        }
        ByteBuffer buffer = buffers[index];
        buffer.limit((int) Math.min(end, (long) buffer.position() + SLICE_BYTES));
        slice = buffer.remaining();
        handingOver = true;
        socket.write(sliceWritten, buffer);
        handingOver = false;
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        callback.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        buffers[index].limit(end);
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
            SlicedWrite.this.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            SlicedWrite.this.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return SlicedWrite.this.getInvocationType();
        }
    }
}
