package io.tankws.transport.jetty;

import io.tankws.spi.support.HalfClosedSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.exception.CloseException;

/**
 * The socket as Jetty's WebSocket connection sees it; what it writes passes a {@link WriteSerializer}.
 *
 * <p>That connection fills its buffer only when it has handed over every frame in it, so the next {@code fill} is the
 * earliest sign that a read is done. If no demand follows a frame it does not come back here; then the connection's
 * frame handler calls {@link #readComplete} itself. Reading is one thread's business at a time.
 */
final class InspectingEndPoint extends ForwardingEndPoint {
    /** The socket beneath, which an HTTP/2 stream shares with others. */
    private final EndPoint wire;

    private final FrameHeaderChecker guard;
    private final JettyConnection connection;
    private final Scheduler scheduler;
    private final WriteSerializer gate;
    private final InputDrainer drain;
    private volatile boolean closed;
    /** Written by the reading thread alone. */
    private volatile boolean unreported;

    private CloseException fault;

    InspectingEndPoint(
            EndPoint socket,
            EndPoint wire,
            WriteSerializer gate,
            Scheduler scheduler,
            FrameHeaderChecker guard,
            JettyConnection connection,
            HalfClosedSockets halfClosed) {
        super(socket);
        this.wire = wire;
        this.gate = gate;
        this.drain = new InputDrainer(socket, halfClosed);
        this.scheduler = scheduler;
        this.guard = guard;
        this.connection = connection;
        connection.watch(this);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        readComplete();
        if (closed || drain.hasBegun()) {
            return -1;
        }
        if (fault != null) {
            throw fault;
        }
        if (guard.hasEnded()) {
            // Jetty takes a frame after the close frame for a failure, and drops the answer. The end does no harm.
            drain.begin();
            return -1;
        }
        int start = buffer.limit();
        int filled = super.fill(buffer);
        if (filled <= 0) {
            return filled;
        }
        hasRead(buffer, start);
        if (buffer.limit() == start) {
            throw fault;
        }
        return buffer.limit() - start;
    }

    /** Jetty's write; it makes one at a time. */
    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        gate.behind(() -> writeNow(callback, buffers));
    }

    private void writeNow(Callback callback, ByteBuffer[] buffers) {
        if (!BufferUtil.isEmpty(buffers)) {
            new ChunkedWrite(unwrap(), callback, buffers, gate).iterate();
        } else {
            super.write(callback, buffers);
        }
    }

    /**
     * Jetty ends its half behind any close frame. With TLS up to 1.2 the peer's library then ends the other half by
     * itself (RFC 5246 section 7.2.1), before the peer can answer.
     */
    @Override
    public void shutdownOutput() {
        if (!connection.awaitsAnswer()) {
            super.shutdownOutput();
        }
    }

    /** The first close is Jetty's, after the closing handshake or a failure; any further one is meant. */
    @Override
    public void close(Throwable cause) {
        if (isFirstClose() && connection.mayHalfClose(isOutputShutdown()) && isOpen() && !isInputShutdown()) {
            drain.closeWhenDrained(scheduler);
        } else {
            super.close(cause);
        }
    }

    private synchronized boolean isFirstClose() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** What was sound before a fault is handed over first; the fault is found by the next fill. */
    void hasRead(ByteBuffer buffer, int start) {
        unreported = true;
        fault = guard.check(buffer, start);
    }

    long drainedBytes() {
        return gate.drainedBytes();
    }

    /** Tells whether a read is under way, or bytes wait in the socket; on any thread. */
    boolean hasUnread() {
        EndPoint inmost = wire;
        while (inmost instanceof EndPoint.Wrapper wrapper) {
            inmost = wrapper.unwrap();
        }
        try {
            return unreported
                    || inmost.getTransport() instanceof SocketChannel channel
                            && channel.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    void readComplete() {
        if (unreported) {
            unreported = false;
            connection.readComplete();
        }
    }
}
