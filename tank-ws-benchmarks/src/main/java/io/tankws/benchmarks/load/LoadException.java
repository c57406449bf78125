package io.tankws.benchmarks.load;

/** A failure to put load on the server, with the reason in one sentence as its message. */
public final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LoadException(String message) {
        super(message);
    }
}
