package io.tankws.transport.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/**
 * Jetty's WebSocket connection, which reads on the selector's thread. Bytes that came with the handshake are inspected
 * too, although they are not read from the socket again.
 */
final class TankWsConnection extends WebSocketConnection {
    private static final int EARLY_BYTES = 256;

    private final InspectingEndPoint endPoint;
    private final Fillable fillable = new Fillable();
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    TankWsConnection(
            InspectingEndPoint endPoint,
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool bufferPool,
            TankWsCoreSession session) {
        super(endPoint, executor, scheduler, bufferPool, session);
        this.endPoint = endPoint;
    }

    /**
     * Returns whether the peer has not ended its half. HTTP does not read while a response is due. Keeps the bytes that
     * it reads.
     */
    boolean isPeerConnected() throws IOException {
        ByteBuffer buffer = BufferUtil.allocate(EARLY_BYTES);
        int filled = endPoint.unwrap().fill(buffer);
        if (filled > 0) {
            early = buffer;
        }
        return filled >= 0;
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        beginWith(buffer);
    }

    @Override
    public void onOpen() {
        if (early.hasRemaining()) {
            beginWith(BufferUtil.EMPTY_BUFFER);
        }
        super.onOpen();
    }

    @Override
    public void fillInterested() {
        fillInterested(fillable);
    }

    /**
     * Reads on the selector's thread. Nothing of ours blocks there, no user code runs there, and a fan-out finds its
     * memory in the cache of the processor that did the last one.
     */
    private final class Fillable implements Callback {
        @Override
        public void succeeded() {
            onFillable();
        }

        @Override
        public void failed(Throwable cause) {
            onFillInterestedFailed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    private void beginWith(ByteBuffer unconsumed) {
        ByteBuffer all = ByteBuffer.allocate(unconsumed.remaining() + early.remaining())
                .put(unconsumed)
                .put(early)
                .flip();
        early = BufferUtil.EMPTY_BUFFER;
        endPoint.inspect(all, 0);
        setInitialBuffer(all);
    }
}
