package io.tankws;

/** A message did not, or not for certain, reach the backplane of a {@link ClusterConfig}. */
public final class BackplaneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why it did not. */
    public enum Reason {
        /** The backplane was down: the message has reached nobody. */
        UNREACHABLE,
        /** No answer came in time, or the connection broke before it: the message may have reached clients. */
        UNCERTAIN,
        /** Too much was on its way or waiting already: the message has reached nobody. */
        OVERFLOW,
        /** It waited too long for the backplane's return: the message has reached nobody. */
        EXPIRED,
        /** The manager is not running: the message has reached nobody. */
        NOT_RUNNING,
        /** The backplane refused it, because it is too large for instance: the message has reached nobody. */
        REFUSED
    }

    /** Why. */
    private final Reason reason;

    /**
     * Makes one.
     *
     * @param reason why
     * @param message one sentence
     * @param cause what was thrown, {@code null} if nothing was
     */
    public BackplaneException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Tells why, and with that whether the message may have arrived nevertheless.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
