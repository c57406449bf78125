package io.tankws.transport.javawebsocket;

import io.tankws.Refusal;

/** A request is none, and this is the answer to it. */
final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    RequestException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    Refusal refusal() {
        return new Refusal(status, getMessage());
    }
}
