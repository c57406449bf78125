package io.tankws.transport.javawebsocket;

import io.tankws.ConnectionHandler;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.LogText;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peer sends its request head. */
final class RequestStage implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(RequestStage.class);

    private final Peer peer;
    private final HeadCollector head;

    RequestStage(Peer peer) {
        this.peer = peer;
        head = new HeadCollector(peer.peers().limits().handshakeBytes());
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        try {
            return !head.collect(bytes) || route(request(), bytes);
        } catch (RequestException e) {
            Farewell.say(peer, e.refusal());
            return true;
        }
    }

    private HandshakeRequest request() throws RequestException {
        return RequestHead.parse(head.text(), peer.remoteAddress())
                .arrivedAt(peer.localAddress(), peer.peers().listenAddress());
    }

    private boolean route(HandshakeRequest request, ByteBuffer rest) throws RequestException {
        if (LOG.isDebugEnabled()) {
            LOG.debug("Request: {}", LogText.escape(request.toString()));
        }
        ConnectionHandler handler = peer.peers()
                .handler(request.path())
                .orElseThrow(() -> new RequestException(404, "there is nothing at this path"));
        if (RequestHead.hasBody(request) && request.violation().isEmpty()) {
            throw new RequestException(400, "a WebSocket handshake has no body");
        }
        PendingHandshake handshake = new PendingHandshake(peer, request);
        peer.enter(handshake);
        peer.expireIn(peer.peers()
                .limits()
                .handshakeTimeout()
                .plus(peer.peers().limits().authenticationTimeout()));
        boolean readOn = !rest.hasRemaining() || handshake.read(rest);
        try {
            handler.handleConnection(handshake);
        } catch (Throwable e) {
            LOG.error("The handler of a path failed", e);
            handshake.refuseUnlessDecided(new Refusal(500, "the server failed"));
        }
        return readOn;
    }

    @Override
    public void ended(Throwable failure) {
        peer.drop();
    }

    @Override
    public void expired() {
        peer.drop();
    }

    @Override
    public void shutDown() {
        peer.drop();
    }
}
