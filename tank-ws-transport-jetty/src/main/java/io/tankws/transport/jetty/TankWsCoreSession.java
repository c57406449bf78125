package io.tankws.transport.jetty;

import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.exception.CloseException;

/**
 * Jetty's session, which reports violations of the peer at once and bounds the time to write a close frame of Jetty's
 * own.
 */
final class TankWsCoreSession extends WebSocketCoreSession implements Consumer<Throwable> {
    /** The time in which a close frame of Jetty's own must be written, in milliseconds. */
    private static final long CLOSE_WRITE_MILLIS = 5000;

    private final JettyConnection connection;

    TankWsCoreSession(JettyConnection connection, Negotiated negotiated, WebSocketComponents components) {
        super(connection.input(), Behavior.SERVER, negotiated, components);
        this.connection = connection;
    }

    /** Ends the connection, because a write that bypasses Jetty's queue has failed. */
    @Override
    public void accept(Throwable cause) {
        processConnectionError(cause, Callback.NOOP);
    }

    @Override
    public void processConnectionError(Throwable cause, Callback callback) {
        report(cause, () -> super.processConnectionError(cause, callback));
    }

    @Override
    public void processHandlerError(Throwable cause, Callback callback) {
        report(cause, () -> super.processHandlerError(cause, callback));
    }

    @Override
    public void sendFrame(OutgoingEntry entry) {
        boolean reply = entry.getFrame().getOpCode() == OpCode.CLOSE && !(entry.getFrame() instanceof CloseFrame);
        super.sendFrame(
                reply
                        ? new OutgoingEntry.Builder(entry)
                                .frameTimeout(CLOSE_WRITE_MILLIS)
                                .build()
                        : entry);
    }

    /** Reports a violation before the close. Only the reading thread finds faults that have a close code. */
    private void report(Throwable cause, Runnable close) {
        if (cause instanceof CloseException fault) {
            connection.fault(fault, close);
        } else {
            close.run();
        }
    }
}
