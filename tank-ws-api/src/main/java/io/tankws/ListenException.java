package io.tankws;

/**
 * The failure of a server to listen on its address. The message names the address.
 *
 * <p>Created by transports; not to be extended.
 */
public final class ListenException extends TankWsException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception. For transports.
     *
     * @param host the configured host
     * @param port the configured port
     * @param cause the failure that the transport reported
     */
    public ListenException(String host, int port, Throwable cause) {
        super(
                "cannot listen on " + (host.matches("[^\\[].*:.*") ? "[" + host + "]" : host) + ":" + port + ": "
                        + reason(cause),
                cause);
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
