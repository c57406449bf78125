package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * The request is read, the answer open. What the peer sends early is kept, at most one read, and decoded after the
 * upgrade.
 */
final class PendingHandshake implements TransportHandshake, PeerState {
    private final PeerSocket peer;
    private final HandshakeRequest request;
    private boolean decided;
    private Throwable gone;
    private ByteBuffer early;
    private JavaWebSocketConnection connection;

    PendingHandshake(PeerSocket peer, HandshakeRequest request) {
        this.peer = peer;
        this.request = request;
    }

    @Override
    public HandshakeRequest request() {
        return request;
    }

    @Override
    public synchronized void decideWithin(Duration timeout) {
        if (!decided && gone == null) {
            peer.expireIn(timeout.plus(DECISION_GRACE));
        }
    }

    @Override
    public void refuse(Refusal refusal) {
        if (!refuseUnlessDecided(refusal)) {
            throw new IllegalStateException("the handshake has been decided before");
        }
    }

    boolean refuseUnlessDecided(Refusal refusal) {
        synchronized (this) {
            if (decided) {
                return false;
            }
            decided = true;
            if (gone != null) {
                return true;
            }
        }
        RejectionStage.say(peer, refusal, request.method().equals("HEAD"));
        return true;
    }

    @Override
    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
        if (request.violation().isPresent()) {
            throw new IllegalStateException("not a valid handshake");
        }
        JavaWebSocketConnection opening = null;
        synchronized (this) {
            if (decided) {
                throw new IllegalStateException("the handshake has been decided before");
            }
            decided = true;
            if (gone == null) {
                opening = new JavaWebSocketConnection(peer, acceptance, listener, early);
                connection = opening;
                peer.enter(opening);
            }
        }
        if (opening == null) {
            listener.onOpenFailed(gone);
        } else {
            opening.open(request.header("Sec-WebSocket-Key").orElseThrow(), acceptance.subprotocol());
        }
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        synchronized (this) {
            if (connection == null) {
                early = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                return false;
            }
        }
        return connection.read(bytes);
    }

    @Override
    public void ended(Throwable failure) {
        synchronized (this) {
            if (connection == null) {
                gone = failure == null ? new ClosedChannelException() : failure;
            }
        }
        if (connection == null) {
            peer.drop();
        } else {
            connection.ended(failure);
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
