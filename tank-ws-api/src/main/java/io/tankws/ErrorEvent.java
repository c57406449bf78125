package io.tankws;

import java.time.Instant;
import java.util.Optional;

/**
 * A failure that {@link Manager#errors()} publishes. Immutable; safe for use by several threads.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface ErrorEvent {
    /**
     * Returns the kind of failure.
     *
     * @return the code
     */
    ErrorCode code();

    /**
     * Returns one sentence about the failure. It never contains a credential or the body of a client's message.
     *
     * @return the sentence
     */
    String message();

    /**
     * Returns the client that the failure concerns.
     *
     * @return empty if there is no connection
     */
    Optional<Client> client();

    /**
     * Returns the exception behind the failure.
     *
     * @return empty if nothing was thrown
     */
    Optional<Throwable> cause();

    /**
     * Returns the data that belongs to this code.
     *
     * @return a {@link MissedMessages} for {@link ErrorCode#MESSAGES_MISSED}, a {@link TopicDenial} for {@link
     *     ErrorCode#AUTHORIZATION_FAILED}; empty for codes without data
     */
    Optional<ErrorDetails> details();

    /**
     * Returns when the failure was noticed.
     *
     * @return the time
     */
    Instant time();
}
