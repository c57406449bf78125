package io.tankws.transport.jetty;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * An HTTP/2 stream that carries a WebSocket connection. Jetty's own end point forgets a stream when it is closed early:
 * a write that waits for the peer's flow control would wait until the whole HTTP/2 connection ends, the peer would
 * learn nothing, and the stream would stay in Jetty's table. This end point resets such a stream (RFC 8441 section 5).
 */
final class StreamEndPoint extends ForwardingEndPoint {
    StreamEndPoint(EndPoint stream) {
        super(stream);
    }

    @Override
    public void close(Throwable cause) {
        if (isOpen() && !(isOutputShutdown() && isInputShutdown())) {
            reset(cause == null ? new java.nio.channels.ClosedChannelException() : cause);
        }
        super.close(cause);
    }

    private void reset(Throwable cause) {
        Callback pending = cancelWrite(cause);
        if (pending != null) {
            pending.failed(cause);
        }
        // A write that is canceled resets the stream, but not where our half has ended. A second reset sends nothing.
        if (getTransport() instanceof Stream stream) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }
    }
}
