package io.tankws;

/**
 * The reaction of a manager to a handshake whose user has {@link ClientLimits#maxConnectionsPerUser()} connections.
 * On a node of a {@link ClusterConfig}, limit and policy apply to the connections of this node.
 */
public enum UserLimitPolicy {
    /**
     * Refuses the handshake with status 429. This is the default. A user whose connection broke is refused until the
     * heartbeat detects that, and a user who reloads a page may be refused too.
     */
    REFUSE,

    /**
     * Accepts the handshake and closes the oldest connection of the user with {@link CloseStatus#REPLACED}. The close
     * begins before the new connection is accepted. {@link Client#isOpen()} of the old one is {@code false} at that
     * time, and nothing that its peer sends later is handled. Its {@link ConnectionEvent.Disconnected} follows when
     * its socket ends, which may be after the {@link ConnectionEvent.Connected} of the new one.
     *
     * <p>Use it with an {@link Authenticator}: without one, any client can name any user, and so close that user's
     * connections. A client that is closed with this status must not reconnect on its own, or two pages of one user
     * replace each other for ever. The limits per address and of all connections are checked first, and refuse.
     *
     * <p>A peer that does not answer the close is disconnected after {@link ClientLimits#closeTimeout()}. When more
     * connections of the user are closing than its limit, the oldest of these is disconnected at once.
     */
    CLOSE_OLDEST
}
