package io.tankws.backplane.redis;

/** A failure in words of this module alone: nothing that a server or a library has said, and no part of a URI. */
final class SessionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SessionException(String message) {
        super(message);
    }
}
