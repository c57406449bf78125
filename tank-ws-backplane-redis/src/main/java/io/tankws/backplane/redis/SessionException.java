package io.tankws.backplane.redis;

import org.jspecify.annotations.Nullable;

/** A failure of a session. Its message contains no text of a server or a library and no part of a URI. */
final class SessionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SessionException(@Nullable String message) {
        super(message);
    }
}
