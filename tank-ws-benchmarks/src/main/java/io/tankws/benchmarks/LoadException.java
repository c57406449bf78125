package io.tankws.benchmarks;

/** The load cannot be put on the server; the message says why in one sentence. */
final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LoadException(String message) {
        super(message);
    }
}
