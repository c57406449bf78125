package io.tankws;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a message, command or query to pass the backplane of a {@link ClusterConfig}. The
 * {@linkplain #reason() reason} says whether a message may have arrived nevertheless.
 *
 * <p>Created by backplanes and by this library; not to be extended.
 */
public final class BackplaneException extends TankWsException {
    private static final long serialVersionUID = 1L;

    /** The reasons why the backplane did not confirm a message. */
    public enum Reason {
        /** The backplane was unavailable. The message has reached no client. */
        UNREACHABLE,
        /**
         * No answer came in time, or the connection broke before the answer. The message may have reached clients.
         */
        UNCERTAIN,
        /** Too many messages were pending or buffered. The message has reached no client. */
        OVERFLOW,
        /** The message waited too long for the backplane to become available. The message has reached no client. */
        EXPIRED,
        /** The manager is not running. The message has reached no client. */
        NOT_RUNNING,
        /**
         * The backplane rejected the message, for instance because of its size. The message has reached no client.
         */
        REFUSED
    }

    /** The reason; never {@code null}. */
    private final Reason reason;

    /**
     * Creates the exception. For backplanes and this library.
     *
     * @param reason the reason; determines whether the message may have arrived
     * @param message one sentence without a credential
     * @param cause the failure that was thrown, or {@code null} if none was
     */
    public BackplaneException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Returns the reason, which says whether the message may have arrived.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
