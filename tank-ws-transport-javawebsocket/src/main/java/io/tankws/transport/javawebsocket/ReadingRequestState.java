package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.support.LogText;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peer sends its request head. */
final class ReadingRequestState implements PeerState {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingRequestState.class);

    private final PeerSocket peer;
    private final RequestHeadBuffer head;
    /** The bytes taken from the budget for heads received in part; negative once the peer is in another stage. */
    private int held;
    /** Where the peer has gone from here, {@code null} if it has not; guarded, as the next, by this object. */
    private PeerState next;

    private boolean over;

    ReadingRequestState(PeerSocket peer) {
        this.peer = peer;
        head = new RequestHeadBuffer(peer.peers().limits().handshakeBytes());
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        try {
            if (!head.collect(bytes)) {
                hold(head.size());
                return true;
            }
            release();
            return route(request(), bytes);
        } catch (RequestException e) {
            release();
            RejectionStage.say(peer, e.refusal(), head.isHeadRequest());
            return true;
        }
    }

    private HandshakeRequest request() throws RequestException {
        return RequestHead.parse(head.text(), peer.remoteAddress())
                .arrivedAt(peer.localAddress(), peer.peers().listenAddress());
    }

    /** Only what waits for more of its head counts, so that a head in one piece is served even beside very many others. */
    private synchronized void hold(int size) throws RequestException {
        if (held < 0) {
            return;
        }
        if (!peer.peers().heads().take(size - held)) {
            peer.peers().headRefused();
            throw new RequestException(503, "too many request heads at once");
        }
        held = size;
    }

    private synchronized void release() {
        peer.peers().heads().give(Math.max(0, held));
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
        if (!goesOnTo(handshake)) {
            return true;
        }
        peer.expireIn(peer.peers()
                .limits()
                .handshakeTimeout()
                .plus(peer.peers().limits().authenticationTimeout())
                .plus(TransportHandshake.DECISION_GRACE));
        boolean readOn = !rest.hasRemaining() || handshake.read(rest);
        try {
            handler.handleConnection(handshake);
        } catch (Throwable e) {
            handshake.refuseUnlessDecided(new Refusal(500, "the server failed"));
            peer.peers().failures().report("The handler of a path failed", e);
        }
        return readOn;
    }

    /** Returns {@code false} if the peer has ended here: the deadline comes on another thread. */
    private synchronized boolean goesOnTo(PeerState stage) {
        if (!over) {
            next = stage;
            peer.enter(stage);
        }
        return !over;
    }

    /** An end that comes late, when the peer has just gone on, is that of its next stage. */
    @Override
    public void ended(Throwable failure) {
        PeerState later;
        synchronized (this) {
            later = next;
            over = later == null;
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
