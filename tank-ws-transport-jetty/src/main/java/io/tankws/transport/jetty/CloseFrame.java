package io.tankws.transport.jetty;

import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The close frame with which our side begins the close handshake.
 *
 * <p>Jetty disconnects as soon as it has sent a code other than 1000 and those from 3000 on, and drops the frames that
 * wait before it. This frame shows code 1000 to Jetty's state machine and the real code to the peer, so that Jetty
 * waits for the peer's reply.
 */
final class CloseFrame extends Frame implements CloseStatus.Supplier {
    private static final CloseStatus ORDINARY = new CloseStatus(CloseStatus.NORMAL);

    CloseFrame(io.tankws.CloseStatus status) {
        super(OpCode.CLOSE, true, CloseStatus.asPayloadBuffer(status.code(), status.reason()));
    }

    @Override
    public CloseStatus getCloseStatus() {
        return ORDINARY;
    }
}
