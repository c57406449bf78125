package io.tankws;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The HTTP response that ends a handshake without a connection (RFC 6455 section 4.2.2).
 *
 * <p>The transport frames the response, so these headers belong to it: {@code Content-Length}, {@code
 * Transfer-Encoding}, {@code Content-Encoding}, {@code Content-Range}, {@code Trailer}, {@code TE}, {@code
 * Connection}, {@code Keep-Alive}, {@code Proxy-Connection}, and every {@code Sec-WebSocket-} header but {@code
 * Sec-WebSocket-Version}. {@code Upgrade} belongs to status 426, where the transport adds the {@code Connection:
 * Upgrade} that goes with it (RFC 9110 section 7.8). {@code Content-Type} may be given instead of {@code
 * text/plain;charset=utf-8}.
 *
 * @param status an HTTP status, 400 to 599
 * @param reason one line of text in Latin-1: the response's body, sent in UTF-8
 * @param headers further response headers, such as {@code WWW-Authenticate}; kept in their order
 */
public record Refusal(int status, String reason, Map<String, String> headers) {
    /**
     * The bytes of all headers together, each with four bytes for its colon, its blank and its line end. A refusal
     * with more is not made. A server of Jetty sends 8 KiB of response head by default; the rest is for the
     * transport's own headers.
     */
    public static final int MAX_HEADER_BYTES = 7 * 1024;

    private static final int BYTES_AROUND_HEADER = 4;
    private static final int UPGRADE_REQUIRED = 426;

    private static final Set<String> OF_THE_TRANSPORT = Set.of(
            "content-length",
            "transfer-encoding",
            "content-encoding",
            "content-range",
            "trailer",
            "te",
            "connection",
            "keep-alive",
            "proxy-connection");

    /**
     * Checks and copies.
     *
     * @param status {@link #status()}
     * @param reason {@link #reason()}
     * @param headers {@link #headers()}
     * @throws IllegalArgumentException if the status is no error; if the reason, or the value of a header, holds a
     *     control character or one that is not in Latin-1; if the name of a header is no token (RFC 9110 section
     *     5.1), is given twice in different case, or belongs to the transport; if the headers have more than {@link
     *     #MAX_HEADER_BYTES}
     */
    public Refusal {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("the status of a refusal must be 400 to 599, but was " + status);
        }
        // A tab is no control character to RFC 9110, but it has no place in a line of text.
        if (!HttpSyntax.isFieldValue(Objects.requireNonNull(reason, "reason")) || reason.indexOf('\t') >= 0) {
            throw new IllegalArgumentException(
                    "the reason of a refusal must be one line of Latin-1 without control characters");
        }
        Map<String, String> copy = new LinkedHashMap<>(Objects.requireNonNull(headers, "headers"));
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        copy.forEach((name, value) -> {
            checkHeader(status, Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            if (!names.add(name)) {
                throw new IllegalArgumentException("the headers of a refusal must differ, but " + name + " came twice");
            }
        });
        checkSize(copy);
        headers = Collections.unmodifiableMap(copy);
    }

    private static void checkSize(Map<String, String> headers) {
        long bytes = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            bytes += header.getKey().length() + header.getValue().length() + BYTES_AROUND_HEADER;
        }
        if (bytes > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "the headers of a refusal must have at most " + MAX_HEADER_BYTES + " bytes, but had " + bytes);
        }
    }

    private static void checkHeader(int status, String name, String value) {
        // Neither is repeated before it has been checked: the text of an exception is logged.
        if (!HttpSyntax.isToken(name)) {
            throw new IllegalArgumentException("the name of a header must be a token as in RFC 9110");
        }
        if (!HttpSyntax.isFieldValue(value)) {
            throw new IllegalArgumentException(
                    "the value of the header " + name + " must be Latin-1 without control characters");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        boolean webSocket = lower.startsWith("sec-websocket-") && !lower.equals("sec-websocket-version");
        boolean upgrade = lower.equals("upgrade") && status != UPGRADE_REQUIRED;
        if (OF_THE_TRANSPORT.contains(lower) || webSocket || upgrade) {
            throw new IllegalArgumentException("a refusal with status " + status + " must not have the header " + name
                    + ": the transport sets it");
        }
    }

    /**
     * Makes a refusal without further headers.
     *
     * @param status an HTTP status, 400 to 599
     * @param reason one line of text in Latin-1
     * @throws IllegalArgumentException if the status is no error, or the reason is no such line
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
