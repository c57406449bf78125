package io.tankws.transport.jetty;

import java.nio.channels.ClosedChannelException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * An HTTP/2 stream that carries a WebSocket connection, and that is reset when it is closed early (RFC 8441 section 5).
 * Jetty's own end point does not reset it: a write that waits for the peer's flow control would wait until the whole
 * HTTP/2 connection ends, the peer would not be notified, and the stream would stay in Jetty's table.
 *
 * <p>This class does not use Jetty's HTTP/2 classes, which are present only if the application has added them.
 */
final class StreamEndPoint extends ForwardingEndPoint {
    /** The time after which Jetty resets a stream of which a half has not ended, in milliseconds. */
    private static final long CLOSED_IDLE_MILLIS = 1000;

    StreamEndPoint(EndPoint stream) {
        super(stream);
    }

    @Override
    public void close(Throwable cause) {
        boolean early = isOpen() && !(isOutputShutdown() && isInputShutdown());
        // A peer that has ended its half gets the end of ours, which is not a failure.
        if (early && !isInputShutdown()) {
            cancel(cause == null ? new ClosedChannelException() : cause);
        }
        super.close(cause);
        if (early) {
            // If our half has ended, there is no write to cancel. Jetty's idle timeout, which was off, resets the
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
