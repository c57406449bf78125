package io.tankws.transport.jetty;

import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The close frame that begins our side's closing handshake.
 *
 * <p>Jetty cuts the connection as soon as it has sent any code but 1000 and those from 3000 on, and drops what waits
 * before it. To its state machine this frame says 1000, whatever its payload says to the peer, so that the peer's answer
 * is awaited.
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
