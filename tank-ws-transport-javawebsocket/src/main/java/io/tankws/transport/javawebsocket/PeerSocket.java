package io.tankws.transport.javawebsocket;

import io.tankws.spi.support.RunningTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.CloseFrame;

/** One accepted socket as the library knows it; passes on what happens to its {@link PeerState}. */
final class PeerSocket extends WebSocketImpl implements Consumer<Throwable> {
    /** Never used, but without any the library makes one for each. */
    private static final List<Draft> DRAFTS = List.of(new Draft_6455());

    /** What must leave within a deadline for it to begin again. */
    private static final long PROGRESS_BYTES = 64 * 1024;

    private final PeerSockets peers;
    private final InetSocketAddress remoteAddress;
    private final InetSocketAddress localAddress;
    private PeerChannel wire;
    private volatile PeerState stage;
    private volatile long deadline;
    /** How long the deadline was, and how much had left when it was set. */
    private volatile long patience;

    private volatile long drainedBefore;

    PeerSocket(PeerSockets peers, InetSocketAddress remoteAddress, InetSocketAddress localAddress) {
        super(peers.events(), DRAFTS);
        this.peers = peers;
        this.remoteAddress = remoteAddress;
        this.localAddress = localAddress;
    }

    void begin(SocketChannel socket, SelectionKey key) {
        wire = new PeerChannel(socket, key, peers, this);
        stage = new ReadingRequestState(this);
        setSelectionKey(key);
        setChannel(wire);
        peers.add(this);
        expireIn(peers.limits().handshakeTimeout());
        wire.begin();
    }

    PeerSockets peers() {
        return peers;
    }

    PeerChannel wire() {
        return wire;
    }

    InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    InetSocketAddress localAddress() {
        return localAddress;
    }

    void enter(PeerState next) {
        stage = next;
    }

    @Override
    public void decode(ByteBuffer bytes) {
        boolean readOn = true;
        try {
            readOn = wire.isEmptyRead() || stage.read(bytes);
        } catch (Throwable e) {
            // What escapes from here ends the worker.
            accept(e);
        }
        if (readOn) {
            wire.readOn();
        }
        peers.forgetInterrupt();
    }

    @Override
    public void eot() {
        end(wire.failure());
        peers.forgetInterrupt();
    }

    /** Ends this peer, because a write or something of our own has failed. Never throws. */
    @Override
    public void accept(Throwable failure) {
        end(failure);
        if (!(failure instanceof IOException)) {
            peers.failures().report("A connection failed; it is closed", failure);
        }
    }

    private void end(Throwable failure) {
        try {
            stage.ended(failure);
        } catch (Throwable e) {
            isCutOff(e);
        }
    }

    /** The last resort where the orderly end has failed too. Its socket must not stay open with nobody to look after it. */
    private boolean isCutOff(Throwable failure) {
        boolean cutOff = Closeables.isClosed(wire);
        peers.failures().report("A connection failed at its end; its socket is closed", failure);
        return cutOff;
    }

    void expireIn(Duration time) {
        patience = time.toNanos();
        drainedBefore = wire.drainedBytes();
        deadline = RunningTime.nanoTime() + patience;
        peers.addDeadline(this);
    }

    void expireNever() {
        peers.removeDeadline(this);
    }

    /** A peer that goes on taking what it is sent gets the same time again. */
    boolean isDue(long now) {
        if (deadline - now > 0) {
            return false;
        }
        long drained = wire.drainedBytes();
        boolean moves = drained - drainedBefore >= PROGRESS_BYTES;
        if (moves) {
            drainedBefore = drained;
            deadline = now + patience;
        }
        return !moves;
    }

    /** Returns {@code false} if this must be tried again. */
    boolean expire() {
        try {
            stage.expired();
            return true;
        } catch (Throwable e) {
            return isCutOff(e);
        }
    }

    /** What one peer's listener throws must not harm the others. */
    void shutDown() {
        try {
            stage.shutDown();
        } catch (Throwable e) {
            isCutOff(e);
        }
    }

    /** Closes the socket and fails the write in flight. */
    void release(Throwable cause) {
        wire.shut(cause, () -> closeConnection(CloseFrame.NORMAL, ""));
    }

    /** Closes the socket of a peer that no listener knows. */
    void drop() {
        try {
            release(null);
        } finally {
            peers.remove(this);
        }
    }
}
