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
import org.jspecify.annotations.Nullable;

/** One accepted socket as the library sees it, whose events go to its {@link PeerState}. */
final class PeerSocket extends WebSocketImpl implements Consumer<Throwable> {
    /** A draft that is never used; without it the library creates one for each socket. */
    private static final List<Draft> DRAFTS = List.of(new Draft_6455());

    /** The bytes that a peer must take within its deadline to get the same time again. */
    private static final long PROGRESS_BYTES = 64 * 1024;

    private final PeerSockets peers;
    private final InetSocketAddress remoteAddress;
    private final InetSocketAddress localAddress;

    @SuppressWarnings("NullAway.Init") // set by start
    private PeerChannel channel;

    @SuppressWarnings("NullAway.Init") // set by start
    private volatile PeerState state;

    /** The deadline by the {@link RunningTime}, in nanoseconds. */
    private volatile long deadline;

    /** The time that the deadline allows, in nanoseconds. */
    private volatile long timeoutNanos;

    /** The value of {@link PeerChannel#drainedBytes} when the deadline was set. */
    private volatile long drainedBefore;

    PeerSocket(PeerSockets peers, InetSocketAddress remoteAddress, InetSocketAddress localAddress) {
        super(peers.events(), DRAFTS);
        this.peers = peers;
        this.remoteAddress = remoteAddress;
        this.localAddress = localAddress;
    }

    void start(SocketChannel socket, SelectionKey key) {
        channel = new PeerChannel(socket, key, peers, this);
        state = new ReadingRequestState(this);
        setSelectionKey(key);
        setChannel(channel);
        peers.add(this);
        expireIn(peers.limits().handshakeTimeout());
        channel.start();
    }

    PeerSockets peers() {
        return peers;
    }

    PeerChannel channel() {
        return channel;
    }

    InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    InetSocketAddress localAddress() {
        return localAddress;
    }

    void enter(PeerState next) {
        state = next;
    }

    @Override
    public void decode(ByteBuffer bytes) {
        boolean resumeRead = true;
        try {
            resumeRead = channel.takeEmptyRead() || state.read(bytes);
        } catch (Throwable e) {
            // An exception that escapes from here ends the worker.
            accept(e);
        }
        if (resumeRead) {
            channel.resumeRead();
        }
        peers.clearInterrupt();
    }

    @Override
    public void eot() {
        end(channel.failure());
        peers.clearInterrupt();
    }

    /** Ends this peer, because a write or an action of ours has failed. Never throws. */
    @Override
    public void accept(Throwable failure) {
        end(failure);
        if (!(failure instanceof IOException)) {
            peers.failures().report("A connection failed; it is closed", failure);
        }
    }

    private void end(@Nullable Throwable failure) {
        try {
            state.ended(failure);
        } catch (Throwable e) {
            closeAfter(e);
        }
    }

    /**
     * Closes the socket after the regular end has failed, because nothing else would close it. Returns whether it is
     * closed.
     */
    private boolean closeAfter(Throwable failure) {
        boolean closed = Closeables.isClosed(channel);
        peers.failures().report("A connection failed at its end; its socket is closed", failure);
        return closed;
    }

    void expireIn(Duration time) {
        timeoutNanos = time.toNanos();
        drainedBefore = channel.drainedBytes();
        deadline = RunningTime.nanoTime() + timeoutNanos;
        peers.addDeadline(this);
    }

    void expireNever() {
        peers.removeDeadline(this);
    }

    /** Returns whether the deadline has passed. A peer that continues to take output gets the same time again. */
    boolean isDue(long now) {
        if (deadline - now > 0) {
            return false;
        }
        long drained = channel.drainedBytes();
        boolean progress = drained - drainedBefore >= PROGRESS_BYTES;
        if (progress) {
            drainedBefore = drained;
            deadline = now + timeoutNanos;
        }
        return !progress;
    }

    /** Ends the peer, and returns {@code false} if this must be tried again. */
    boolean expire() {
        try {
            state.expired();
            return true;
        } catch (Throwable e) {
            return closeAfter(e);
        }
    }

    /** Ends the peer for a shutdown. Never throws, so that the other peers are shut down too. */
    void shutDown() {
        try {
            state.shutDown();
        } catch (Throwable e) {
            closeAfter(e);
        }
    }

    /** Closes the socket and fails the write in flight. */
    void release(@Nullable Throwable cause) {
        channel.close(cause, () -> closeConnection(CloseFrame.NORMAL, ""));
    }

    /** Closes the socket of a peer that has no listener. */
    void drop() {
        try {
            release(null);
        } finally {
            peers.remove(this);
        }
    }
}
