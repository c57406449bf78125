package io.tankws.examples;

/** A mistake in the command line. The message describes it in one sentence. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
