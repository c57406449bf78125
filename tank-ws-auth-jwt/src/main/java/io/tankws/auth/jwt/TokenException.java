package io.tankws.auth.jwt;

/** The reason why a token is not accepted. The text is a constant, because a token is a secret. */
final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Reason of the refusal. */
    private final Reason reason;

    /** The reasons. */
    enum Reason {
        /** The token was valid once. */
        EXPIRED("the token has expired"),
        /** The token is none, or not one for this server. */
        INVALID("the token is invalid"),
        /** The key of the token is unknown, and the set of keys cannot be fetched at this time. */
        UNAVAILABLE("the keys are not available");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    TokenException(Reason reason) {
        super(reason.text, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
