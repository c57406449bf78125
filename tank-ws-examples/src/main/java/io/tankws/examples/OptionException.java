package io.tankws.examples;

/** The command line is wrong; the message says how in one sentence. */
final class OptionException extends Exception {
    private static final long serialVersionUID = 1L;

    OptionException(String message) {
        super(message);
    }
}
