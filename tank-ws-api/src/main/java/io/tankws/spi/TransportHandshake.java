package io.tankws.spi;

import io.tankws.Handshake;
import java.time.Duration;

/** A handshake as a transport hands it over: it can be accepted too. */
public interface TransportHandshake extends Handshake {
    /**
     * The time that a transport adds to each deadline of a decision before it disconnects the peer, so that a refusal at the
     * deadline still arrives.
     */
    Duration DECISION_GRACE = Duration.ofSeconds(2);

    /**
     * Announces how long the decision may take from now on. The caller refuses the handshake then; a transport waits for
     * {@link #DECISION_GRACE} longer before it disconnects the peer. Replaces the deadline that the transport has set itself,
     * and that of an earlier call. Nothing happens if the handshake has been decided, or the transport sets no deadline.
     *
     * @param timeout positive, at most a year
     */
    default void decideWithin(Duration timeout) {}

    /**
     * Answers 101 and opens the connection. Either {@link ConnectionListener#onOpen} follows, or
     * {@link ConnectionListener#onOpenFailed} if the peer is gone by now.
     *
     * @param acceptance on which terms
     * @param listener the connection's inward half
     * @throws IllegalStateException if it has been decided before, or the request is no valid handshake
     */
    void accept(AcceptOptions acceptance, ConnectionListener listener);
}
