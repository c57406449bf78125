package io.tankws.protocol.centrifuge.filter;

/** The failure to use a filter that breaks a rule or exceeds a bound. */
public final class InvalidFilterException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidFilterException(String message) {
        super(message);
    }
}
