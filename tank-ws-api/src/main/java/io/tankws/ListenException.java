package io.tankws;

/** A server cannot listen where it was told to; the message names the address. */
public class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Tells where and why.
     *
     * @param host the host asked for
     * @param port the port asked for
     * @param cause what the transport reported
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
