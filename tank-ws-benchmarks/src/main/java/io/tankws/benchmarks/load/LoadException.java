package io.tankws.benchmarks.load;

/** The load cannot be put on the server; the message says why in one sentence. */
public final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LoadException(String message) {
        super(message);
    }
}
