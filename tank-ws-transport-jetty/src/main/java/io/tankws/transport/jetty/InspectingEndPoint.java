package io.tankws.transport.jetty;

import io.tankws.spi.support.HalfClosedSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.jspecify.annotations.Nullable;

/**
 * The socket as Jetty's WebSocket connection sees it. Bytes that are read pass a {@link FrameHeaderChecker}, and
 * Jetty's writes pass a {@link WriteSerializer}. One thread reads at a time.
 */
final class InspectingEndPoint extends ForwardingEndPoint {
    private final FrameHeaderChecker checker;
    private final JettyConnection connection;
    private final InboundFrames input;
    private final Scheduler scheduler;
    private final WriteSerializer serializer;
    private final InputDrainer drainer;
    private volatile boolean closed;

    /**
     * The violation that the next read reports to Jetty, after the valid bytes before it; {@code null} if none was
     * found.
     */
    private @Nullable CloseException fault;

    InspectingEndPoint(
            EndPoint socket,
            WriteSerializer serializer,
            Scheduler scheduler,
            FrameHeaderChecker checker,
            JettyConnection connection,
            HalfClosedSockets halfClosed) {
        super(socket);
        this.serializer = serializer;
        this.drainer = new InputDrainer(socket, halfClosed);
        this.scheduler = scheduler;
        this.checker = checker;
        this.connection = connection;
        this.input = connection.input();
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        input.readEnds();
        if (closed || drainer.hasBegun()) {
            return -1;
        }
        if (fault != null) {
            throw fault;
        }
        if (checker.hasEnded()) {
            // Jetty takes a frame after the close frame for a failure and drops the reply. The end of input is
            // harmless.
            drainer.begin();
            return -1;
        }
        int start = buffer.limit();
        int filled = unwrap().fill(buffer);
        if (filled <= 0) {
            return filled;
        }
        inspect(buffer, start);
        if (buffer.limit() == start) {
            throw fault;
        }
        return buffer.limit() - start;
    }

    /** Checks the bytes from {@code start} to the limit. A violation is reported by the next {@code fill}. */
    void inspect(ByteBuffer buffer, int start) {
        input.readBegins();
        fault = checker.check(buffer, start);
    }

    /** Writes for Jetty, which makes one write at a time. */
    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        serializer.writeAfterCurrent(() -> writeNow(callback, buffers));
    }

    private void writeNow(Callback callback, ByteBuffer[] buffers) {
        if (BufferUtil.isEmpty(buffers)) {
            super.write(callback, buffers);
        } else {
            new ChunkedWrite(unwrap(), callback, buffers, serializer).iterate();
        }
    }

    /**
     * Ends our half, except while the peer's close frame is awaited: Jetty ends its half after any close frame. With
     * TLS up to version 1.2 the peer's TLS library then ends the other half on its own (RFC 5246 section 7.2.1), before
     * the peer can reply.
     */
    @Override
    public void shutdownOutput() {
        if (!connection.awaitsCloseReply()) {
            super.shutdownOutput();
        }
    }

    /**
     * Closes the socket. The first call comes from Jetty, after the close handshake or a failure, and may leave the
     * peer's half open for a time; any later call closes at once.
     */
    @Override
    public void close(Throwable cause) {
        if (isFirstClose() && connection.mayHalfClose(isOutputShutdown()) && isOpen() && !isInputShutdown()) {
            drainer.closeWhenDrained(scheduler);
        } else {
            super.close(cause);
        }
    }

    private synchronized boolean isFirstClose() {
        boolean first = !closed;
        closed = true;
        return first;
    }
}
