package io.tankws.spi;

import io.tankws.CloseStatus;
import java.util.Objects;

/**
 * A protocol violation by a peer, or a bound that the peer exceeded, with the status that closes the connection. Has
 * no stack trace, because a peer can cause it at will.
 *
 * <p>Created by transports; not to be extended.
 */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The status code for the close frame. */
    private final int code;

    /**
     * Creates the exception.
     *
     * @param kind {@link CloseStatus#PROTOCOL_ERROR}, {@link CloseStatus#INVALID_PAYLOAD}, {@link
     *     CloseStatus#MESSAGE_TOO_BIG} or {@link CloseStatus#TRY_AGAIN_LATER}
     * @param message one short sentence of ASCII, which becomes the reason of the close frame
     */
    public ProtocolException(CloseStatus kind, String message) {
        super(message, null, false, false);
        code = kind.code();
    }

    /**
     * Returns the status for the close frame.
     *
     * @return the code, with the message as the reason
     */
    public CloseStatus closeStatus() {
        return new CloseStatus(code, Objects.requireNonNull(getMessage()));
    }
}
