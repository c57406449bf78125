package io.tankws;

/**
 * The failure to choose a transport that does what the application asks for. The message lists the transports found,
 * or the capability that the chosen transport lacks, and says how to fix it.
 *
 * <p>Created by this library; not to be extended.
 */
public final class TransportSelectionException extends TankWsException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception without a cause. For this library.
     *
     * @param message the transports found or the capability that is missing, and how to fix it
     */
    public TransportSelectionException(String message) {
        super(message, null);
    }

    /**
     * Creates the exception. For this library.
     *
     * @param message the provider that failed to load, and how to fix it
     * @param cause the failure that the provider threw
     */
    public TransportSelectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
