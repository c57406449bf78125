package io.tankws.protocol.centrifuge.codec;

import java.io.IOException;

/**
 * The failure to read a message of a client. Its text names the position and the rule, but repeats no bytes of the
 * message, so that it may be logged.
 */
public final class MalformedMessageException extends IOException {
    private static final long serialVersionUID = 1;

    /** Creates a failure. */
    public MalformedMessageException(String message) {
        super(message);
    }
}
