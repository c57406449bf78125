package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import io.tankws.protocol.centrifuge.codec.WireMessage;

/**
 * An error as the reply to a command.
 *
 * @param code one of {@link ErrorReason}, or 400 to 1999 for an error of the application
 * @param message a text for developers
 * @param temporary whether the SDK may try again
 */
public record ReplyError(long code, String message, boolean temporary) implements WireMessage {
    @Override
    public void writeTo(FieldWriter out) {
        out.number(1, "code", code);
        out.text(2, "message", message);
        out.flag(3, "temporary", temporary);
    }
}
