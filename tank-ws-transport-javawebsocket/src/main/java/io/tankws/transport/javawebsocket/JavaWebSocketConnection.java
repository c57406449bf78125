package io.tankws.transport.javawebsocket;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.HalfClosedSockets;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The handshake is through, or nearly so. Whoever calls the listener has the turn, first the thread that accepts, then
 * the worker with each read. If the end comes meanwhile, whoever has the turn reports it, so that no two calls overlap.
 * The listener is not called with the monitor held. The wire's monitor is taken inside it, never the other way round.
 */
final class JavaWebSocketConnection implements Connection, PeerState {
    private final PeerSocket peer;
    private final PeerChannel wire;
    private final ConnectionListener listener;
    private final FrameReader reader;

    /** How long the answer to the peer's close frame may take to leave. */
    private final Duration closeTimeout;

    private ByteBuffer early;
    private boolean turn = true;
    private boolean opened;

    /** Our close frame is on its way; {@link #left}: it has left. */
    private boolean closing;

    private boolean left;

    /** The peer has sent its close frame or broken the protocol: nothing more is read. */
    private boolean answered;

    private boolean closed;
    /** The peer has ended its half: nothing is left to discard. */
    private boolean peerEnded;

    /** The listener's connection has ended, and the socket waits for the end of the peer's half. */
    private boolean halfClosed;

    private boolean reported;
    private CloseStatus status = CloseStatus.ABNORMAL;
    private Throwable failure;

    JavaWebSocketConnection(PeerSocket peer, AcceptOptions acceptance, ConnectionListener listener, ByteBuffer early) {
        this.peer = peer;
        this.wire = peer.wire();
        this.listener = listener;
        this.early = early;
        reader = new FrameReader(listener, acceptance);
        closeTimeout = acceptance.closeTimeout();
    }

    void open(String key, Optional<String> subprotocol) {
        peer.expireNever();
        try {
            wire.first(HttpResponse.switchingProtocols(key, subprotocol));
        } catch (RuntimeException | Error e) {
            end(e);
        }
        try {
            if (!isClosed()) {
                opened = true;
                listener.onOpen(this);
            }
            ByteBuffer bytes;
            while ((bytes = nextEarly()) != null) {
                deliver(bytes);
                wire.readOn();
            }
        } catch (RuntimeException | Error e) {
            end(e);
            endTurn();
            throw e;
        }
    }

    /** Ends the turn if nothing has come early. */
    private ByteBuffer nextEarly() {
        ByteBuffer bytes;
        synchronized (this) {
            bytes = closed ? null : early;
            early = null;
            if (bytes == null && !closed) {
                turn = false;
                return null;
            }
        }
        if (bytes == null) {
            endTurn();
        }
        return bytes;
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        synchronized (this) {
            if (closed) {
                return true;
            }
            if (turn) {
                early = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                return false;
            }
            turn = true;
        }
        try {
            deliver(bytes);
        } finally {
            endTurn();
        }
        return true;
    }

    private void deliver(ByteBuffer bytes) {
        CloseStatus theirs = null;
        ProtocolException violation = null;
        try {
            theirs = reader.read(bytes);
        } catch (ProtocolException e) {
            violation = e;
        }
        if (!isClosed()) {
            // First the answers to what was sound, then the close frame.
            listener.onReadComplete();
        }
        if (violation != null && !isClosed()) {
            reader.stop();
            listener.onError(violation);
            leave(violation.closeStatus());
        } else if (theirs != null) {
            leave(theirs);
        }
    }

    private void endTurn() {
        boolean report;
        synchronized (this) {
            turn = false;
            report = closed;
        }
        if (report) {
            report();
        }
    }

    /** Has the listener send the close frame that the peer is owed, unless one was sent, and ends when it has left. */
    private void leave(CloseStatus why) {
        boolean owed;
        boolean done;
        synchronized (this) {
            if (closed) {
                return;
            }
            answered = true;
            status = why;
            owed = !closing;
            done = left;
        }
        peer.expireIn(closeTimeout);
        wire.discardInput();
        if (owed) {
            listener.onPeerClose(this, why);
        } else if (done) {
            finish();
        }
    }

    private void closeFrameLeft() {
        synchronized (this) {
            left = true;
            if (!answered) {
                return;
            }
        }
        finish();
    }

    /** Both close frames are through: RFC 6455 section 7.1.1 has the server end its half first and read on. */
    private void finish() {
        boolean waits;
        boolean report;
        synchronized (this) {
            if (closed) {
                return;
            }
            waits = !peerEnded && peer.peers().halfClose();
            halfClosed = waits;
            closed = waits;
            report = !turn;
        }
        if (!waits) {
            end(null);
            return;
        }
        peer.expireIn(HalfClosedSockets.MAX_TIME);
        wire.shutOutput();
        if (report) {
            report();
        }
    }

    /** Closes a half-closed socket, once. */
    private void drop() {
        boolean remove;
        synchronized (this) {
            if (!halfClosed) {
                return;
            }
            halfClosed = false;
            remove = reported;
        }
        peer.peers().halfClosed().leave();
        try {
            peer.release(null);
        } finally {
            if (remove) {
                peer.peers().remove(peer);
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void end(Throwable cause) {
        boolean report;
        boolean again;
        synchronized (this) {
            again = closed;
            closed = true;
            failure = again ? failure : cause;
            report = !turn;
        }
        if (again) {
            drop();
            return;
        }
        reader.stop();
        try {
            peer.release(cause);
        } finally {
            if (report) {
                report();
            }
        }
    }

    private void report() {
        synchronized (this) {
            if (reported) {
                return;
            }
            reported = true;
        }
        try {
            if (!opened) {
                listener.onOpenFailed(failure == null ? new ClosedChannelException() : failure);
                return;
            }
            // A socket that failed is no error of its own: the status says that there was no close frame.
            listener.onClose(status);
        } finally {
            boolean remove;
            synchronized (this) {
                remove = !halfClosed;
            }
            if (remove) {
                peer.peers().remove(peer);
            }
        }
    }

    @Override
    public boolean write(List<Frame> frames, WriteCallback callback) {
        return wire.write(frames, callback);
    }

    @Override
    public void close(CloseStatus why) {
        if (!why.isSendable()) {
            throw new IllegalArgumentException("not sent by an endpoint: " + why.code());
        }
        CloseStatus said;
        synchronized (this) {
            if (closing || closed) {
                return;
            }
            closing = true;
            said = answered ? status : why;
            wire.pause(false);
        }
        wire.last(ClosePayload.frame(said), this::closeFrameLeft);
    }

    @Override
    public void abort() {
        end(null);
    }

    @Override
    public synchronized void pauseReading() {
        if (!closing) {
            wire.pause(true);
        }
    }

    @Override
    public void resumeReading() {
        wire.pause(false);
    }

    @Override
    public long drainedBytes() {
        return wire.drainedBytes();
    }

    @Override
    public boolean hasPendingInput() {
        return wire.isBehind();
    }

    @Override
    public void ended(Throwable cause) {
        synchronized (this) {
            // A peer that has sent its close frame may end its half and still read.
            if (cause == null && answered && !closed) {
                peerEnded = true;
                return;
            }
        }
        end(cause);
    }

    @Override
    public void expired() {
        end(null);
    }

    @Override
    public void shutDown() {
        close(CloseStatus.GOING_AWAY);
    }
}
