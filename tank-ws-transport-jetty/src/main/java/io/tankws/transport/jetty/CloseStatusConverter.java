package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.exception.CloseException;

/** The conversion of Jetty's close statuses to ours. */
final class CloseStatusConverter {
    private CloseStatusConverter() {}

    static CloseStatus of(Frame closeFrame) {
        var status = org.eclipse.jetty.websocket.core.CloseStatus.getCloseStatus(closeFrame);
        return of(status.getCode(), status.getReason());
    }

    static CloseStatus of(CloseException fault) {
        // Jetty's class truncates the reason to the length of a close frame.
        var status = new org.eclipse.jetty.websocket.core.CloseStatus(fault.getStatusCode(), fault.getMessage());
        return of(status.getCode(), status.getReason());
    }

    private static CloseStatus of(int code, String reason) {
        return new CloseStatus(code, reason == null ? "" : reason);
    }
}
