package io.tankws.transport.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/** Reads without a thread of its own, and shows its watch also those bytes that came with the handshake, which are not read from the socket again. */
final class TankWsConnection extends WebSocketConnection {
    private static final int EARLY_BYTES = 256;

    private final InspectingEndPoint watch;
    private final Fillable fillable = new Fillable();
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    TankWsConnection(
            InspectingEndPoint watch,
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool bufferPool,
            TankWsCoreSession session) {
        super(watch, executor, scheduler, bufferPool, session);
        this.watch = watch;
    }

    /**
     * Tells whether the peer is there still; HTTP does not read while a response is due. What it has sent by now is
     * kept.
     */
    boolean peerIsThere() throws IOException {
        ByteBuffer buffer = BufferUtil.allocate(EARLY_BYTES);
        int filled = watch.unwrap().fill(buffer);
        if (filled > 0) {
            early = buffer;
        }
        return filled >= 0;
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        begin(buffer);
    }

    @Override
    public void onOpen() {
        if (early.hasRemaining()) {
            begin(BufferUtil.EMPTY_BUFFER);
        }
        super.onOpen();
    }

    @Override
    public void fillInterested() {
        fillInterested(fillable);
    }

    /**
     * What comes is dealt with on the selector's thread: nothing of ours blocks there, no user's code runs there, and a
     * fan-out finds its memory in the cache of the processor that did the last one.
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

    private void begin(ByteBuffer unconsumed) {
        ByteBuffer all = ByteBuffer.allocate(unconsumed.remaining() + early.remaining())
                .put(unconsumed)
                .put(early)
                .flip();
        early = BufferUtil.EMPTY_BUFFER;
        watch.hasRead(all, 0);
        setInitialBuffer(all);
    }
}
