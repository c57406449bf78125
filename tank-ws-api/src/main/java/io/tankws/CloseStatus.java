package io.tankws;

import java.nio.charset.StandardCharsets;

/**
 * Why a connection ended: status code and reason of a close frame (RFC 6455 sections 7.1.5, 7.1.6 and 7.4).
 *
 * @param code 1000 to 4999; 1005 and 1006 never travel, they say that no code or no close frame came
 * @param reason at most {@link #MAX_REASON_BYTES} bytes in UTF-8; may be empty
 */
public record CloseStatus(int code, String reason) {
    /** The purpose of the connection is fulfilled. */
    public static final CloseStatus NORMAL = new CloseStatus(1000, "");

    /** The server goes down, or the browser leaves the page. */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");

    /** The client's {@link Identity} has expired; the code is of our own, from the range for applications. */
    public static final CloseStatus IDENTITY_EXPIRED = new CloseStatus(4401, "identity expired");

    /**
     * A newer connection of the same user has taken the place of this one, see {@link UserLimitPolicy#CLOSE_OLDEST}; the code
     * is of our own, from the range for applications.
     */
    public static final CloseStatus REPLACED = new CloseStatus(4409, "replaced by a newer connection");

    /** The peer's close frame had no code. Never sent. */
    public static final CloseStatus NO_STATUS = new CloseStatus(1005, "");

    /** The connection ended without a close frame. Never sent. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");

    /** The largest reason in bytes: a control frame's 125 less the code. */
    public static final int MAX_REASON_BYTES = 123;

    /**
     * Checks code and reason.
     *
     * @param code {@link #code()}
     * @param reason {@link #reason()}
     * @throws IllegalArgumentException if the code is not within 1000 to 4999, the reason is too long, or it holds a lone
     *     surrogate, which UTF-8 cannot encode
     */
    public CloseStatus {
        if (code < 1000 || code > 4999) {
            throw new IllegalArgumentException("a close code is within 1000 to 4999, not " + code);
        }
        if (reason.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new IllegalArgumentException("a close reason must not hold a lone surrogate");
        }
        int length = reason.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "a close reason has at most " + MAX_REASON_BYTES + " bytes, not " + length);
        }
    }

    /**
     * Tells whether an endpoint may put this code into a close frame (RFC 6455 section 7.4).
     *
     * @return {@code false} for 1004, 1005, 1006, 1015 and the unassigned codes below 3000
     */
    public boolean isSendable() {
        return code >= 3000 || code <= 1003 || (code >= 1007 && code <= 1014);
    }

    // Java 17 keeps the class of the last record whose generated equals was linked, and so its class loader, for as
    // long as
    // the process runs (JDK-8078641). The library itself compares close statuses.
    @Override
    public boolean equals(Object other) {
        return other instanceof CloseStatus status && code == status.code && reason.equals(status.reason);
    }

    @Override
    public int hashCode() {
        return 31 * code + reason.hashCode();
    }
}
