package io.tankws.protocol.centrifuge;

/**
 * An error that the application returns to a client instead of a result. The client gets the code and the message.
 *
 * <p>An SDK reports the error to its caller. On a connect request, it stops after an error that is neither temporary
 * nor {@link #TOKEN_EXPIRED}.
 */
public final class CentrifugeException extends RuntimeException {
    /** The code for a token that has expired. The SDK then fetches another token and tries again. */
    public static final int TOKEN_EXPIRED = 109;

    /** The smallest code of the server. Smaller ones belong to the SDKs. */
    private static final int MIN_CODE = 100;

    private static final int MAX_CODE = 1999;
    private static final long serialVersionUID = 1L;

    /** Code of the error. */
    private final int code;
    /** {@code true} if the SDK may try again. */
    private final boolean temporary;

    private CentrifugeException(int code, String message, boolean temporary) {
        super(message);
        if (code < MIN_CODE || code > MAX_CODE) {
            throw new IllegalArgumentException("code must be " + MIN_CODE + " to " + MAX_CODE + ", but was " + code);
        }
        this.code = code;
        this.temporary = temporary;
    }

    /**
     * Creates an error after which the SDK does not try again.
     *
     * @param code 400 to 1999 for an error of the application, 100 to 399 for one that the protocol defines
     * @param message a text without secrets, for developers
     * @return the error
     * @throws IllegalArgumentException if the code is out of range
     */
    public static CentrifugeException of(int code, String message) {
        return new CentrifugeException(code, message, false);
    }

    /**
     * Creates an error after which the SDK may try again.
     *
     * @param code as in {@link #of}
     * @param message a text without secrets, for developers
     * @return the error
     * @throws IllegalArgumentException if the code is out of range
     */
    public static CentrifugeException temporary(int code, String message) {
        return new CentrifugeException(code, message, true);
    }

    /** {@return the code} */
    public int code() {
        return code;
    }

    /** {@return whether the SDK may try again} */
    public boolean isTemporary() {
        return temporary;
    }
}
