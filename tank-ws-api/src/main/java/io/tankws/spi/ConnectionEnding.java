package io.tankws.spi;

/** The reasons for which the manager or the application closes a connection. Constants may be added. */
public enum ConnectionEnding {
    /** The application closed the connection, with a status of its own. */
    APPLICATION,
    /** The manager shuts down. */
    SHUTDOWN,
    /** The client reads too slowly. */
    SLOW,
    /** A newer connection of the same user replaced this one. */
    REPLACED,
    /** The client sent more messages than its limits allow. */
    TOO_MANY_MESSAGES,
    /** The identity of the client has expired. */
    EXPIRED,
    /** The client was not authenticated in time. */
    NOT_AUTHENTICATED,
    /** The protocol threw. */
    FAILED
}
