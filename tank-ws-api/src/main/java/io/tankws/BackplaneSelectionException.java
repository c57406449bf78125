package io.tankws;

/** No backplane, or more than one, speaks the URI of a {@link ClusterConfig}. The text lists what was found and what to do. */
public final class BackplaneSelectionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Makes one.
     *
     * @param message what was found and what to do
     * @param cause what was thrown, {@code null} if nothing was
     */
    public BackplaneSelectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
