package io.tankws.transport.javawebsocket;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.framing.CloseFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One accepted socket as the library knows it; passes on what happens to its {@link Stage}. */
final class Peer extends WebSocketImpl implements Consumer<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
    private static final List<Draft> DRAFTS = List.of(new SharedDraft());

    private final Peers peers;
    private final InetSocketAddress remoteAddress;
    private Wire wire;
    private Optional<String> subprotocol = Optional.empty();
    private volatile Stage stage;
    private volatile long deadline;

    Peer(Peers peers, InetSocketAddress remoteAddress) {
        super(peers.events(), DRAFTS);
        this.peers = peers;
        this.remoteAddress = remoteAddress;
    }

    void begin(SocketChannel socket, SelectionKey key) {
        wire = new Wire(socket, key, peers, this);
        stage = new RequestStage(this);
        setSelectionKey(key);
        setChannel(wire);
        peers.add(this);
        expireIn(peers.limits().handshakeTimeout());
        wire.begin();
    }

    Peers peers() {
        return peers;
    }

    Wire wire() {
        return wire;
    }

    InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    Optional<String> subprotocol() {
        return subprotocol;
    }

    void enter(Stage next) {
        stage = next;
    }

    @Override
    public void decode(ByteBuffer bytes) {
        boolean readOn = true;
        try {
            readOn = wire.isEmptyRead() || stage.read(bytes);
        } catch (Throwable e) {
            // What escapes here ends the worker, and an error the whole server.
            LOG.error("A connection failed", e);
            guarded(() -> stage.ended(e));
        }
        if (readOn) {
            wire.readOn();
        }
    }

    @Override
    public void eot() {
        guarded(() -> stage.ended(wire.failure()));
    }

    /** A write has failed. */
    @Override
    public void accept(Throwable failure) {
        stage.ended(failure);
    }

    /**
     * Has the library accept the handshake.
     *
     * @param key the peer's Sec-WebSocket-Key; of the request, the library needs nothing else
     * @return its response
     */
    ByteBuffer upgrade(String key, Optional<String> agreed) {
        subprotocol = agreed;
        String head =
                "GET " + SharedDraft.TARGET + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n\r\n";
        super.decode(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer response = outQueue.poll();
        if (response == null || !isOpen()) {
            throw new IllegalStateException("the library refused a valid handshake");
        }
        return response;
    }

    void expireIn(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
        peers.addDeadline(this);
    }

    void expireNever() {
        peers.removeDeadline(this);
    }

    boolean isDue(long now) {
        return deadline - now <= 0;
    }

    void expire() {
        guarded(() -> stage.expired());
    }

    void shutDown() {
        guarded(() -> stage.shutDown());
    }

    /** What one peer's listener throws must not harm the others. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("A connection failed at its end", e);
        }
    }

    /** Closes the socket and fails the write in flight. */
    void release(Throwable cause) {
        wire.shut(cause, () -> closeConnection(CloseFrame.NORMAL, ""));
    }

    /** Closes the socket of a peer that no listener knows. */
    void drop() {
        release(null);
        peers.remove(this);
    }
}
