package io.tankws;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The HTTP response that ends a handshake without a connection (RFC 6455 section 4.2.2).
 *
 * @param status an HTTP status, 400 to 599
 * @param reason one line of text: the response's body
 * @param headers further response headers, such as {@code WWW-Authenticate}; kept in their order
 */
public record Refusal(int status, String reason, Map<String, String> headers) {
    /**
     * Checks and copies.
     *
     * @param status {@link #status()}
     * @param reason {@link #reason()}
     * @param headers {@link #headers()}
     * @throws IllegalArgumentException if the status is no error, or a header holds a control character
     */
    public Refusal {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a refusal has a status of 400 to 599, not " + status);
        }
        if (reason.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("the reason is one line without control characters");
        }
        headers.forEach((name, value) -> {
            if (!HttpText.isToken(name) || !HttpText.isFieldValue(value)) {
                throw new IllegalArgumentException("not a header: " + name);
            }
        });
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * Makes a refusal without further headers.
     *
     * @param status an HTTP status, 400 to 599
     * @param reason one line of text
     */
    public Refusal(int status, String reason) {
        this(status, reason, Map.of());
    }

    /**
     * Refuses a peer that must first say who it is (RFC 9110 section 15.5.2).
     *
     * @return 401 with a {@code WWW-Authenticate} that asks for Basic credentials
     */
    public static Refusal unauthorized() {
        return new Refusal(
                401,
                "authentication required",
                Map.of("WWW-Authenticate", "Basic realm=\"tank-ws\", charset=\"UTF-8\""));
    }
}
