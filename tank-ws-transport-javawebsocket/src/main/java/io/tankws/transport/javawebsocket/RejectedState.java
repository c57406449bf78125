package io.tankws.transport.javawebsocket;

import io.tankws.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of a peer that gets an HTTP error. The socket is closed after the peer has closed its half: a socket that
 * is closed with unread bytes is reset, and the reset may overtake the response.
 */
final class RejectedState implements PeerState {
    /** The time in which the peer must close its half after we have closed ours. */
    static final Duration LINGER = Duration.ofSeconds(1);

    private final PeerSocket peer;

    private RejectedState(PeerSocket peer) {
        this.peer = peer;
    }

    /**
     * Sends the error response and moves the peer to this state.
     *
     * @param headRequest whether the request was a HEAD
     */
    static void reject(PeerSocket peer, Refusal refusal, boolean headRequest) {
        peer.enter(new RejectedState(peer));
        peer.expireIn(LINGER);
        PeerChannel channel = peer.channel();
        channel.discardInput();
        channel.writeFinal(HttpResponse.of(refusal, headRequest), channel::shutdownOutput);
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        return true;
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        peer.drop();
    }

    @Override
    public void expired() {
        peer.drop();
    }

    /** Does nothing: the peer is closed within {@link #LINGER}. */
    @Override
    public void shutDown() {}
}
