package io.tankws;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Something went wrong; {@link Manager#errors()} publishes it. Its message never holds a credential or the body of a
 * client's message.
 *
 * @param code what went wrong
 * @param message one sentence about it
 * @param client whom it concerns; empty where no connection was made
 * @param cause what was thrown, if anything was
 * @param time when it was noticed
 */
public record ErrorEvent(
        ErrorCode code, String message, Optional<Client> client, Optional<Throwable> cause, Instant time) {
    /**
     * Checks.
     *
     * @param code {@link #code()}
     * @param message {@link #message()}
     * @param client {@link #client()}
     * @param cause {@link #cause()}
     * @param time {@link #time()}
     */
    public ErrorEvent {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(time, "time");
    }
}
