package io.tankws.transport.jetty;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/** Shows its watch also those bytes that came with the handshake, which are not read from the socket again. */
final class WatchedConnection extends WebSocketConnection {
    private final ReadWatch watch;

    WatchedConnection(
            ReadWatch watch,
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool bufferPool,
            WatchedSession session) {
        super(watch, executor, scheduler, bufferPool, session);
        this.watch = watch;
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        watch.hasRead(buffer, buffer.position());
        super.onUpgradeTo(buffer);
    }
}
