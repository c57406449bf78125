package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.LogText;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of a peer that sends its request head. */
final class ReadingRequestState implements PeerState {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingRequestState.class);

    private final PeerSocket peer;
    private final RequestHeadBuffer head;

    /** The bytes taken from the budget for partial request heads; negative when the peer has left this state. */
    private int held;

    /** The state that the peer has moved to, or {@code null}. Guarded by this object. */
    private @Nullable PeerState next;

    /** {@code true} if the peer has ended in this state. Guarded by this object. */
    private boolean ended;

    ReadingRequestState(PeerSocket peer) {
        this.peer = peer;
        head = new RequestHeadBuffer(peer.peers().limits().handshakeBytes());
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        try {
            if (!head.collect(bytes)) {
                reserve(head.size());
                return true;
            }
            release();
            return route(request(), bytes);
        } catch (RequestException e) {
            release();
            RejectedState.reject(peer, e.refusal(), head.isHeadRequest());
            return true;
        }
    }

    private HandshakeRequest request() throws RequestException {
        return RequestHead.parse(head.text(), peer.remoteAddress())
                .arrivedAt(peer.localAddress(), peer.peers().listenAddress());
    }

    /**
     * Counts only heads received in part, so that a head in one piece is served even when very many heads are partial.
     */
    private synchronized void reserve(int size) throws RequestException {
        if (held < 0) {
            return;
        }
        if (!peer.peers().headBudget().take(size - held)) {
            peer.peers().reportRejectedHead();
            throw new RequestException(503, "too many request heads at once");
        }
        held = size;
    }

    private synchronized void release() {
        peer.peers().headBudget().give(Math.max(0, held));
        held = -1;
    }

    private boolean route(HandshakeRequest request, ByteBuffer rest) throws RequestException {
        if (LOG.isDebugEnabled()) {
            LOG.debug("Request: {}", LogText.escape(request.toString()));
        }
        HandshakeHandler handler = peer.peers()
                .handler(request.path())
                .orElseThrow(() -> new RequestException(404, "there is nothing at this path"));
        if (RequestHead.hasBody(request) && request.violation().isEmpty()) {
            throw new RequestException(400, "a WebSocket handshake has no body");
        }
        PendingHandshake handshake = new PendingHandshake(peer, request);
        if (!moveTo(handshake)) {
            return true;
        }
        peer.expireIn(peer.peers()
                .limits()
                .handshakeTimeout()
                .plus(peer.peers().limits().authenticationTimeout())
                .plus(TransportHandshake.DECISION_GRACE));
        boolean resumeRead = !rest.hasRemaining() || handshake.read(rest);
        try {
            handler.handleConnection(handshake);
        } catch (Throwable e) {
            handshake.refuseUnlessDecided(new Refusal(500, "the server failed"));
            peer.peers().failures().report("The handler of a path failed", e);
        }
        return resumeRead;
    }

    /** Returns {@code false} if the peer has ended in this state, which the deadline does on another thread. */
    private synchronized boolean moveTo(PeerState state) {
        if (!ended) {
            next = state;
            peer.enter(state);
        }
        return !ended;
    }

    /** Ends the peer. If it has just moved to its next state, passes the end on to that state. */
    @Override
    public void ended(@Nullable Throwable failure) {
        PeerState later;
        synchronized (this) {
            later = next;
            ended = later == null;
        }
        release();
        if (later == null) {
            peer.drop();
        } else {
            later.ended(failure);
        }
    }

    @Override
    public void expired() {
        ended(null);
    }

    @Override
    public void shutDown() {
        ended(null);
    }
}
