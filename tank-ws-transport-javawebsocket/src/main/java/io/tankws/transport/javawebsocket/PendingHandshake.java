package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of a peer whose request is complete and whose handshake is not decided. Bytes that the peer sends early are
 * kept, at most one read, and decoded after the upgrade.
 */
final class PendingHandshake implements TransportHandshake, PeerState {
    private final PeerSocket peer;
    private final HandshakeRequest request;
    private boolean decided;
    /** The reason why the peer has ended before the decision; {@code null} if it has not. */
    private @Nullable Throwable endCause;

    private @Nullable ByteBuffer early;
    private @Nullable JavaWebSocketConnection connection;

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
        if (!decided && endCause == null) {
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
            if (endCause != null) {
                return true;
            }
        }
        RejectedState.reject(peer, refusal, request.method().equals("HEAD"));
        return true;
    }

    @SuppressWarnings("NullAway") // no connection opens after an end with a cause
    @Override
    public void accept(AcceptOptions options, ConnectionListener listener) {
        if (request.violation().isPresent()) {
            throw new IllegalStateException("not a valid handshake");
        }
        JavaWebSocketConnection opening = null;
        synchronized (this) {
            if (decided) {
                throw new IllegalStateException("the handshake has been decided before");
            }
            decided = true;
            if (endCause == null) {
                opening = new JavaWebSocketConnection(peer, options, listener, early);
                connection = opening;
                peer.enter(opening);
            }
        }
        if (opening == null) {
            listener.onOpenFailed(endCause);
        } else {
            opening.open(request.header("Sec-WebSocket-Key").orElseThrow(), options.subprotocol());
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
    public void ended(@Nullable Throwable failure) {
        synchronized (this) {
            if (connection == null) {
                endCause = failure == null ? new ClosedChannelException() : failure;
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
