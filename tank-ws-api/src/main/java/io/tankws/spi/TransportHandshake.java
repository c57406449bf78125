package io.tankws.spi;

import io.tankws.Handshake;
import java.time.Duration;

/**
 * A handshake that the manager can accept.
 *
 * <p>Implemented by transports.
 */
public interface TransportHandshake extends Handshake {
    /**
     * The time that a transport adds to each deadline of a decision before it disconnects the peer, so that a refusal
     * at the deadline still reaches the peer.
     */
    Duration DECISION_GRACE = Duration.ofSeconds(2);

    /**
     * Announces the maximum time until the decision. After that time the caller refuses the handshake; a transport
     * waits {@link #DECISION_GRACE} longer before it disconnects the peer. Replaces the transport's own deadline and
     * that of an earlier call. Nothing happens if the handshake has been decided, or the transport sets no deadline.
     *
     * @param timeout positive, at most a year
     */
    default void decideWithin(Duration timeout) {}

    /**
     * Answers 101 and opens the connection. {@link ConnectionListener#onOpen} follows, or {@link
     * ConnectionListener#onOpenFailed} if the peer has disconnected.
     *
     * @param options the subprotocol, the bounds and the buffers of the connection
     * @param listener receives the messages of the peer
     * @throws IllegalStateException if the handshake was decided before, or the request is no valid handshake
     */
    void accept(AcceptOptions options, ConnectionListener listener);
}
