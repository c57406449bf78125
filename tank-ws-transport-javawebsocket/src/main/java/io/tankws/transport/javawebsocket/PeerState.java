package io.tankws.transport.javawebsocket;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One stage in the life of a peer: its request, the decision, the connection or the rejection. */
interface PeerState {
    /**
     * Takes the bytes of one read of the socket. Called on the peer's worker.
     *
     * @param bytes reused by the library after the call
     * @return whether the next read may begin; otherwise this state calls {@link PeerChannel#resumeRead()} later
     */
    boolean read(ByteBuffer bytes);

    /**
     * Ends the peer, because its socket has ended.
     *
     * @param failure the failure of the socket, or {@code null} if the peer has closed its half
     */
    void ended(@Nullable Throwable failure);

    /** Ends the peer, because its deadline has passed. */
    void expired();

    /**
     * Ends the peer, because the server shuts down: an open connection by a close handshake, any other peer at once.
     */
    void shutDown();
}
