package io.tankws.transport.javawebsocket;

import io.tankws.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The peer gets an HTTP error, and then the end. The socket is closed when the peer has closed it too, for closing it
 * with bytes unread makes a reset, which may overtake the response.
 */
final class RejectionStage implements PeerState {
    /** How long a peer may take to close after we did. */
    static final Duration LINGER = Duration.ofSeconds(1);

    private final PeerSocket peer;

    private RejectionStage(PeerSocket peer) {
        this.peer = peer;
    }

    /**
     * Answers.
     *
     * @param head whether the request was a HEAD
     */
    static void say(PeerSocket peer, Refusal refusal, boolean head) {
        peer.enter(new RejectionStage(peer));
        peer.expireIn(LINGER);
        peer.wire().discardInput();
        peer.wire().last(HttpResponse.of(refusal, head), peer.wire()::shutOutput);
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        return true;
    }

    @Override
    public void ended(Throwable failure) {
        peer.drop();
    }

    @Override
    public void expired() {
        peer.drop();
    }

    /** The end is near anyway. */
    @Override
    public void shutDown() {}
}
