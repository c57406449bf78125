package io.tankws.protocol.centrifuge.message;

import io.tankws.CloseStatus;

/**
 * The reasons for which the server closes a connection. The close frame carries code and text.
 *
 * <p>An SDK reconnects after the codes 3000 to 3499, 4000 to 4499 and below 3000 except 1009. After the codes 3500 to
 * 3999 and 4500 to 4999 it stops. Codes from 4000 on are free for applications.
 */
public enum DisconnectReason {
    /** The server ends the connection without a close frame. This code is never sent. */
    CONNECTION_CLOSED(3000, "connection closed"),
    /** The server shuts down. */
    SHUTDOWN(3001, "shutdown"),
    /** The server failed. */
    INTERNAL(3004, "internal server error"),
    /** The identity has expired. */
    EXPIRED(3005, "connection expired"),
    /** A subscription by the server has expired. */
    SUBSCRIPTION_EXPIRED(3006, "subscription expired"),
    /** The client reads too slowly. */
    SLOW(3008, "slow"),
    /** A write failed. */
    WRITE_ERROR(3009, "write error"),
    /** A publication to a subscription by the server did not follow the one before. */
    INSUFFICIENT_STATE(3010, "insufficient state"),
    /** The application wants the client to reconnect. */
    FORCE_RECONNECT(3011, "force reconnect"),
    /** The client has not answered a ping. */
    NO_PONG(3012, "no pong"),
    /** The client sends too many requests. */
    TOO_MANY_REQUESTS(3013, "too many requests"),
    /** The state of all topics was replaced. */
    STATE_INVALIDATED(3014, "state invalidated"),
    /** The token is wrong. */
    INVALID_TOKEN(3500, "invalid token"),
    /** The client violated the protocol. */
    BAD_REQUEST(3501, "bad request"),
    /** The client has not connected in time. */
    STALE(3502, "stale"),
    /** The application closed the connection for good. */
    FORCE_DISCONNECT(3503, "force disconnect"),
    /** The user has the maximum number of connections. */
    CONNECTION_LIMIT(3504, "connection limit"),
    /** The client has too many subscriptions by the server. */
    CHANNEL_LIMIT(3505, "channel limit"),
    /** A payload is not JSON, but the connection carries only JSON. */
    INAPPROPRIATE_PROTOCOL(3506, "inappropriate protocol"),
    /** The client may not connect. */
    PERMISSION_DENIED(3507, "permission denied"),
    /** The server does not offer the feature. */
    NOT_AVAILABLE(3508, "not available"),
    /** The client caused too many errors. */
    TOO_MANY_ERRORS(3509, "too many errors");

    private final CloseStatus status;

    DisconnectReason(int code, String text) {
        status = new CloseStatus(code, text);
    }

    /** Returns code and text. */
    public CloseStatus status() {
        return status;
    }
}
