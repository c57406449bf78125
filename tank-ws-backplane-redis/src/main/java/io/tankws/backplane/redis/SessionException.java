package io.tankws.backplane.redis;

/** A failure of a session. Its message contains no text of a server or a library and no part of a URI. */
final class SessionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SessionException(String message) {
        super(message);
    }
}
