package io.tankws.protocol.centrifuge.message;

/** The errors in replies. Codes from 400 to 1999 are free for applications. */
public enum ErrorReason {
    /** The server failed. */
    INTERNAL(100, "internal server error", Retry.TEMPORARY),
    /** The client has no identity. */
    UNAUTHORIZED(101, "unauthorized", Retry.PERMANENT),
    /** The topic does not exist. */
    UNKNOWN_CHANNEL(102, "unknown channel", Retry.PERMANENT),
    /** The client may not do this on the topic. */
    PERMISSION_DENIED(103, "permission denied", Retry.PERMANENT),
    /** No method of this name can be called. */
    METHOD_NOT_FOUND(104, "method not found", Retry.PERMANENT),
    /** The client is subscribed to the topic, or a subscription is pending. */
    ALREADY_SUBSCRIBED(105, "already subscribed", Retry.PERMANENT),
    /** The client has the maximum number of topics. */
    LIMIT_EXCEEDED(106, "limit exceeded", Retry.PERMANENT),
    /** A value of the request is out of its range. */
    BAD_REQUEST(107, "bad request", Retry.PERMANENT),
    /** The server does not offer the feature. */
    NOT_AVAILABLE(108, "not available", Retry.PERMANENT),
    /** The token has expired. The SDK asks for another one and tries again. */
    TOKEN_EXPIRED(109, "token expired", Retry.PERMANENT),
    /** The identity has expired. */
    EXPIRED(110, "expired", Retry.PERMANENT),
    /** The client sends too many requests. */
    TOO_MANY_REQUESTS(111, "too many requests", Retry.TEMPORARY),
    /** The position has no meaning in the history, or publications after it are not kept. */
    UNRECOVERABLE_POSITION(112, "unrecoverable position", Retry.PERMANENT),
    /** Two requests read the same pages. */
    CONCURRENT_PAGINATION(113, "concurrent pagination", Retry.TEMPORARY);

    /** The reaction of an SDK to an error. */
    private enum Retry {
        TEMPORARY,
        PERMANENT
    }

    private final ReplyError error;

    ErrorReason(int code, String text, Retry retry) {
        error = new ReplyError(code, text, retry == Retry.TEMPORARY);
    }

    /** Returns the error with its code and text. */
    public ReplyError error() {
        return error;
    }
}
