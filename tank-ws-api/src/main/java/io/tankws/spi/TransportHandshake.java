package io.tankws.spi;

import io.tankws.Handshake;

/** A handshake as a transport hands it over: it can be accepted too. */
public interface TransportHandshake extends Handshake {
    /**
     * Answers 101 and opens the connection. Either {@link ConnectionListener#onOpen} follows, or
     * {@link ConnectionListener#onOpenFailed} if the peer is gone by now.
     *
     * @param acceptance on which terms
     * @param listener the connection's inward half
     * @throws IllegalStateException if it has been decided before, or the request is no valid handshake
     */
    void accept(Acceptance acceptance, ConnectionListener listener);
}
