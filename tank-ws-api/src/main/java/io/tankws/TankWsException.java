package io.tankws;

import org.jspecify.annotations.Nullable;

/**
 * The root of the unchecked exceptions that this library throws for reasons of its own: a server that cannot start, a
 * missing transport, an unreachable backplane. A wrong argument or a call at the wrong time is reported with
 * {@link IllegalArgumentException} or {@link IllegalStateException} instead.
 *
 * <p>Not to be extended by applications; subclasses may be added.
 */
public abstract class TankWsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TankWsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
