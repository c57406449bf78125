package io.tankws.spi;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of an action of a client on a {@link ProtocolConnection}. The message is one sentence without secrets.
 * Has no stack trace, because a client can cause it at will. A failure of the server is in the cause.
 *
 * <p>Created by the manager; not to be extended.
 */
public final class ClientActionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Reason of the failure. */
    private final Reason reason;

    /** The reasons of failures. Constants may be added. */
    public enum Reason {
        /** The topic authorizer denied the action, failed, or took too long. The message is the reason that it gave. */
        DENIED,
        /** The text cannot be a topic. */
        INVALID_TOPIC,
        /** The client has as many subscriptions, pending actions or connections as it may have. */
        LIMIT,
        /** The client is subscribed to the topic. */
        SUBSCRIBED,
        /** The client is not subscribed to the topic. */
        NOT_SUBSCRIBED,
        /** The topic does not have what the action needs, such as a history. */
        NOT_AVAILABLE,
        /** Some of the missed publications cannot be sent. */
        NOT_RECOVERED,
        /** The client is not authenticated. */
        NOT_AUTHENTICATED,
        /** The identity has expired. */
        EXPIRED,
        /** The connection is closing or has ended. */
        CLOSED,
        /** The server failed; the cause says how. */
        FAILED
    }

    /**
     * Creates the exception. For the manager and for tests of protocols.
     *
     * @param reason the reason
     * @param message one sentence
     * @param cause the failure, or {@code null} if there is none
     */
    public ClientActionException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, true, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Returns the failure of a stage as an exception of this type.
     *
     * @param failure a failure, also if it is wrapped in a {@link CompletionException}
     * @return the exception; a new one with {@link Reason#FAILED} for every other failure
     */
    public static ClientActionException of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ClientActionException ours
                ? ours
                : new ClientActionException(Reason.FAILED, "the action failed", cause);
    }

    /** {@return the reason} */
    public Reason reason() {
        return reason;
    }
}
