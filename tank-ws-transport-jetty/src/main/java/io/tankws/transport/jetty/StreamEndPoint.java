package io.tankws.transport.jetty;

import java.nio.channels.ClosedChannelException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * An HTTP/2 stream that carries a WebSocket connection. Jetty's own end point forgets a stream when it is closed early:
 * a write that waits for the peer's flow control would wait until the whole HTTP/2 connection ends, the peer would
 * learn nothing, and the stream would stay in Jetty's table. This end point resets such a stream (RFC 8441 section 5).
 *
 * <p>It has to do so without Jetty's HTTP/2 classes, which are there only where the application has brought them.
 */
final class StreamEndPoint extends ForwardingEndPoint {
    /** The time until Jetty resets a stream whose halves are not both ended, in milliseconds. */
    private static final long CLOSED_IDLE_MILLIS = 1000;

    StreamEndPoint(EndPoint stream) {
        super(stream);
    }

    @Override
    public void close(Throwable cause) {
        boolean early = isOpen() && !(isOutputShutdown() && isInputShutdown());
        // A peer that has ended its half gets the end of ours, which is no failure.
        if (early && !isInputShutdown()) {
            cancel(cause == null ? new ClosedChannelException() : cause);
        }
        super.close(cause);
        if (early) {
            // Where our half has ended there is nothing to cancel. Jetty's idle timeout, which was off, resets the
            // stream.
            setIdleTimeout(CLOSED_IDLE_MILLIS);
        }
    }

    private void cancel(Throwable cause) {
        Callback pending = cancelWrite(cause);
        if (pending != null) {
            pending.failed(cause);
        }
    }
}
