package io.tankws.spi;

import io.tankws.CloseStatus;

/** A peer broke the protocol, or went over a bound of it; tells with which status it is closed. */
public class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the peer is told. */
    private final int code;

    /**
     * Tells what the peer did.
     *
     * @param code 1002, 1007, 1009 or 1013
     * @param message one short sentence of ASCII; goes into the close frame
     */
    public ProtocolException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /**
     * Returns what the peer is told.
     *
     * @return code and message
     */
    public CloseStatus closeStatus() {
        return new CloseStatus(code, getMessage());
    }
}
