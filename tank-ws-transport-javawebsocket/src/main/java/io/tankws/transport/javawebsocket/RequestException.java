package io.tankws.transport.javawebsocket;

import io.tankws.Refusal;
import java.util.Map;
import java.util.Objects;

/** The rejection of a malformed request, with its response. */
final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    RequestException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    Refusal refusal() {
        // RFC 9110 section 15.5.6.
        return new Refusal(
                status, Objects.requireNonNull(getMessage()), status == 405 ? Map.of("Allow", "GET") : Map.of());
    }
}
