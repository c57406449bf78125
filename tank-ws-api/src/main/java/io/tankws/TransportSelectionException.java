package io.tankws;

/** No transport could be chosen; the message lists what was found and where, and what to do. */
public class TransportSelectionException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Tells what was found and what to do.
     *
     * @param message both
     */
    public TransportSelectionException(String message) {
        super(message);
    }

    /**
     * Tells what failed to load and what to do.
     *
     * @param message both
     * @param cause what the provider threw
     */
    public TransportSelectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
