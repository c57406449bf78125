package io.tankws;

import java.nio.charset.StandardCharsets;

/**
 * The status code and reason with which a connection ended (RFC 6455 sections 7.1.5, 7.1.6 and 7.4). There is a
 * constant without a reason for each standard code that a server may send; {@link #withReason} adds a reason.
 *
 * @param code 1000 to 4999; 1005 and 1006 are never sent and mean that the peer sent no code or no close frame
 * @param reason at most {@link #MAX_REASON_BYTES} bytes in UTF-8; may be empty
 */
public record CloseStatus(int code, String reason) {
    /** Code 1000: the purpose of the connection is fulfilled. */
    public static final CloseStatus NORMAL = new CloseStatus(1000, "");

    /** Code 1001: the server shuts down, or the browser leaves the page. */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");

    /** Code 1002: the peer violated the WebSocket protocol. */
    public static final CloseStatus PROTOCOL_ERROR = new CloseStatus(1002, "");

    /** Code 1003: the peer sent a type of message that the receiver does not accept, such as binary. */
    public static final CloseStatus UNSUPPORTED_DATA = new CloseStatus(1003, "");

    /** Code 1005: the peer's close frame had no code. Never sent. */
    public static final CloseStatus NO_STATUS = new CloseStatus(1005, "");

    /** Code 1006: the connection ended without a close frame. Never sent. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");

    /** Code 1007: the peer sent a text that is not UTF-8, or compressed data that is invalid. */
    public static final CloseStatus INVALID_PAYLOAD = new CloseStatus(1007, "");

    /** Code 1008: the peer violated a policy of the receiver, such as a rate limit. */
    public static final CloseStatus POLICY_VIOLATION = new CloseStatus(1008, "");

    /** Code 1009: the peer sent a message larger than the receiver accepts. */
    public static final CloseStatus MESSAGE_TOO_BIG = new CloseStatus(1009, "");

    /** Code 1011: an unexpected condition prevents the server from serving the peer. */
    public static final CloseStatus INTERNAL_ERROR = new CloseStatus(1011, "");

    /** Code 1012: the server restarts; the peer may reconnect after a random delay (IANA registry). */
    public static final CloseStatus SERVICE_RESTART = new CloseStatus(1012, "");

    /**
     * Code 1013: the server is overloaded, or the peer reads too slowly; the peer may try again later (IANA
     * registry).
     */
    public static final CloseStatus TRY_AGAIN_LATER = new CloseStatus(1013, "");

    /** Code 4401, from the range for applications: the client's {@link Identity} has expired. */
    public static final CloseStatus IDENTITY_EXPIRED = new CloseStatus(4401, "identity expired");

    /**
     * Code 4409, from the range for applications: a newer connection of the same user replaced this one, see {@link
     * UserLimitPolicy#CLOSE_OLDEST}.
     */
    public static final CloseStatus REPLACED = new CloseStatus(4409, "replaced by a newer connection");

    /** The maximum length of a reason in bytes: the payload limit of a control frame, 125, without the code. */
    public static final int MAX_REASON_BYTES = 123;

    private static final int MIN_CODE = 1000;
    private static final int MAX_CODE = 4999;

    /** The first code of the ranges for libraries, frameworks and applications (RFC 6455 section 7.4.2). */
    private static final int FIRST_UNRESERVED = 3000;

    /** The last code below 3000 that is assigned and may be sent. */
    private static final int LAST_ASSIGNED = 1014;

    /**
     * Creates a status from a code and a reason.
     *
     * @param code 1000 to 4999
     * @param reason at most {@link #MAX_REASON_BYTES} bytes in UTF-8
     * @throws IllegalArgumentException if the code is out of range, the reason is too long, or the reason has an
     *     unpaired surrogate, which UTF-8 cannot encode
     */
    public CloseStatus {
        if (code < MIN_CODE || code > MAX_CODE) {
            throw new IllegalArgumentException("a close code must be within 1000 and 4999, but was " + code);
        }
        if (reason.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new IllegalArgumentException("a close reason must not have an unpaired surrogate");
        }
        int length = reason.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "a close reason must have at most " + MAX_REASON_BYTES + " bytes, but had " + length);
        }
    }

    /**
     * Returns a status with the same code and another reason.
     *
     * @param reason at most {@link #MAX_REASON_BYTES} bytes in UTF-8
     * @return a new status
     * @throws IllegalArgumentException if the reason is too long or has an unpaired surrogate
     */
    public CloseStatus withReason(String reason) {
        return new CloseStatus(code, reason);
    }

    /**
     * Returns whether an endpoint may send this code in a close frame (RFC 6455 section 7.4).
     *
     * @return {@code false} for 1004, 1005, 1006, 1015 and the unassigned codes below 3000
     */
    public boolean isSendable() {
        return code >= FIRST_UNRESERVED
                || code <= UNSUPPORTED_DATA.code
                || code >= INVALID_PAYLOAD.code && code <= LAST_ASSIGNED;
    }

    // Java 17 keeps the class of the last record whose generated equals was linked, and with it its class loader, as
    // long
    // as the process runs (JDK-8078641). The library itself compares close statuses.
    @Override
    public boolean equals(Object other) {
        return other instanceof CloseStatus status && code == status.code && reason.equals(status.reason);
    }

    @Override
    public int hashCode() {
        return 31 * code + reason.hashCode();
    }
}
