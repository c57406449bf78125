package io.tankws.transport.javawebsocket;

import java.nio.ByteBuffer;

/** Where a peer stands between its first byte and its last. */
interface PeerState {
    /**
     * Takes what one read of the socket brought. Called on the peer's worker.
     *
     * @param bytes the library's again after the call
     * @return whether to read on; else the stage calls {@link PeerChannel#readOn()} later
     */
    boolean read(ByteBuffer bytes);

    /**
     * The socket is of no more use.
     *
     * @param failure {@code null} if the peer ended it in order
     */
    void ended(Throwable failure);

    /** The time is up: ends the peer. */
    void expired();

    /** The server goes down: ends the peer in order where that takes a while, else at once. */
    void shutDown();
}
