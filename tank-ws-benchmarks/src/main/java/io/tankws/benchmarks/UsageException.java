package io.tankws.benchmarks;

/** A mistake in the command line, described in one sentence by its message. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
