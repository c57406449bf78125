package io.tankws.transport.javawebsocket;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.HalfClosedSockets;
import io.tankws.spi.support.SerialListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a peer whose handshake was accepted: one WebSocket connection with its close handshake.
 *
 * <p>The listener is called by the thread that accepts, for {@code onOpen} and for bytes that came early, and then by
 * the worker with each read. It is not called with the monitor of this object held. The monitor of the
 * {@link PeerChannel} is taken inside it, never the other way round.
 */
final class JavaWebSocketConnection implements Connection, PeerState {
    private final PeerSocket peer;
    private final PeerChannel channel;
    private final SerialListener listener;
    private final FrameReader reader;

    /** The time in which the reply to the peer's close frame must be sent. */
    private final Duration closeTimeout;

    /** Bytes that came before the end of {@link #opening}; {@code null} if none did. */
    private @Nullable ByteBuffer early;

    /** {@code true} if the accepting thread calls the listener, so that the worker may not. */
    private boolean opening = true;

    /** {@code true} if our close frame has been requested. */
    private boolean closing;

    private boolean closeFrameSent;

    /** {@code true} if the peer has sent its close frame or violated the protocol, so that nothing more is read. */
    private boolean peerClosed;

    private boolean closed;

    /** {@code true} if the peer has ended its half, so that there is no more input to discard. */
    private boolean peerEnded;

    /**
     * {@code true} if the connection has ended for the listener, and the socket waits for the end of the peer's half.
     */
    private boolean halfClosed;

    /** {@code true} if the listener's last call has returned. */
    private boolean listenerEnded;

    private CloseStatus status = CloseStatus.ABNORMAL;

    JavaWebSocketConnection(PeerSocket peer, AcceptOptions options, ConnectionListener listener, ByteBuffer early) {
        this.peer = peer;
        this.channel = peer.channel();
        this.listener = new SerialListener(listener, this::listenerEnded);
        this.early = early;
        reader = new FrameReader(listener, options);
        closeTimeout = options.closeTimeout();
    }

    void open(String key, Optional<String> subprotocol) {
        peer.expireNever();
        try {
            channel.writeResponse(HttpResponse.switchingProtocols(key, subprotocol));
        } catch (RuntimeException | Error e) {
            end(e);
        }
        try {
            if (!isClosed()) {
                listener.open(this);
            }
            ByteBuffer bytes;
            while ((bytes = takeEarly()) != null) {
                deliver(bytes);
                channel.resumeRead();
            }
        } catch (RuntimeException | Error e) {
            end(e);
            throw e;
        }
    }

    /** Returns the bytes that came early, or ends the opening and returns {@code null} if there are none. */
    private synchronized @Nullable ByteBuffer takeEarly() {
        ByteBuffer bytes = closed ? null : early;
        early = null;
        opening = bytes != null;
        return bytes;
    }

    @Override
    public boolean read(ByteBuffer bytes) {
        synchronized (this) {
            if (closed) {
                return true;
            }
            if (opening) {
                early = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                return false;
            }
        }
        deliver(bytes);
        return true;
    }

    private void deliver(ByteBuffer bytes) {
        if (!listener.enter()) {
            return;
        }
        try {
            readFrames(bytes);
        } finally {
            listener.leave();
        }
    }

    private void readFrames(ByteBuffer bytes) {
        CloseStatus received = null;
        ProtocolException violation = null;
        try {
            received = reader.read(bytes);
        } catch (ProtocolException e) {
            violation = e;
        }
        if (!isClosed()) {
            // The replies to valid messages leave before the close frame.
            listener.listener().onReadComplete();
        }
        if (violation != null && !isClosed()) {
            reader.stop();
            listener.listener().onError(violation);
            startClose(violation.closeStatus());
        } else if (received != null) {
            startClose(received);
        }
    }

    /** Has the listener send the close frame that is due to the peer, unless it was sent, and ends after that frame. */
    private void startClose(CloseStatus peerStatus) {
        boolean replyDue;
        boolean sent;
        synchronized (this) {
            if (closed) {
                return;
            }
            peerClosed = true;
            status = peerStatus;
            replyDue = !closing;
            sent = closeFrameSent;
        }
        peer.expireIn(closeTimeout);
        channel.discardInput();
        if (replyDue) {
            listener.listener().onPeerClose(this, peerStatus);
        } else if (sent) {
            finish();
        }
    }

    private void closeFrameSent() {
        synchronized (this) {
            closeFrameSent = true;
            if (!peerClosed) {
                return;
            }
        }
        finish();
    }

    /** Ends after both close frames. RFC 6455 section 7.1.1 has the server end its half first and continue to read. */
    private void finish() {
        boolean waits;
        synchronized (this) {
            if (closed) {
                return;
            }
            waits = !peerEnded && peer.peers().halfClose();
            halfClosed = waits;
            closed = waits;
        }
        if (!waits) {
            end(null);
            return;
        }
        peer.expireIn(HalfClosedSockets.MAX_TIME);
        channel.shutdownOutput();
        listener.close(status());
    }

    /** Closes a half-closed socket, once. */
    private void closeHalfClosed() {
        boolean remove;
        synchronized (this) {
            if (!halfClosed) {
                return;
            }
            halfClosed = false;
            remove = listenerEnded;
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

    private synchronized CloseStatus status() {
        return status;
    }

    private void end(@Nullable Throwable cause) {
        boolean wasClosed;
        synchronized (this) {
            wasClosed = closed;
            closed = true;
        }
        if (wasClosed) {
            closeHalfClosed();
            return;
        }
        reader.stop();
        try {
            peer.release(cause);
        } finally {
            if (cause != null) {
                listener.openFailed(cause);
            }
            // A failed socket is no error of its own: the status shows that there was no close frame.
            listener.close(status());
        }
    }

    private void listenerEnded() {
        boolean remove;
        synchronized (this) {
            listenerEnded = true;
            remove = !halfClosed;
        }
        if (remove) {
            peer.peers().remove(peer);
        }
    }

    @Override
    public boolean write(List<Frame> frames, WriteCallback callback) {
        return channel.write(frames, callback);
    }

    @Override
    public void close(CloseStatus closeStatus) {
        if (!closeStatus.isSendable()) {
            throw new IllegalArgumentException(
                    "close code must be one that endpoints send, but was " + closeStatus.code());
        }
        CloseStatus sent;
        synchronized (this) {
            if (closing || closed) {
                return;
            }
            closing = true;
            sent = peerClosed ? status : closeStatus;
            channel.pause(false);
        }
        channel.writeFinal(ClosePayload.frame(sent), this::closeFrameSent);
    }

    @Override
    public void abort() {
        end(null);
    }

    @Override
    public synchronized void pauseReading() {
        if (!closing) {
            channel.pause(true);
        }
    }

    @Override
    public void resumeReading() {
        channel.pause(false);
    }

    @Override
    public long drainedBytes() {
        return channel.drainedBytes();
    }

    @Override
    public boolean hasPendingInput() {
        return channel.hasPendingInput();
    }

    @Override
    public void ended(@Nullable Throwable cause) {
        synchronized (this) {
            // A peer that has sent its close frame may end its half and continue to read.
            if (cause == null && peerClosed && !closed) {
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
