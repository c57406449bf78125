package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.ConnectionTracker;
import io.tankws.spi.support.SerialListener;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.jspecify.annotations.Nullable;

/** The outbound half of one WebSocket connection, which also performs the close handshake. */
final class JettyConnection implements Connection {
    private final SerialListener listener;
    private final InboundFrames input;
    private final ConnectionTracker connections;

    @SuppressWarnings("NullAway.Init") // set before the opening
    private CoreSession session;

    @SuppressWarnings("NullAway.Init") // set before the opening
    private FrameWriter writer;

    @SuppressWarnings("NullAway.Init") // set before the opening
    private WriteSerializer serializer;

    /** Has Jetty reply to the peer's close frame; {@code null} if no reply is due. Guarded by this object. */
    private @Nullable Runnable closeReply;

    /** Has Jetty end the connection after our close frame, if the peer's came first. Guarded by this object. */
    private @Nullable Runnable endAfterCloseFrame;

    /** {@code true} if our close frame was sent or has failed. Guarded by this object. */
    private boolean closeFrameDone;

    /** {@code true} if our close frame has been requested; written under the lock of this object. */
    private volatile boolean closing;

    private volatile boolean closeFrameSent;
    private volatile @Nullable CloseStatus peerStatus;
    private volatile @Nullable CloseStatus faultStatus;

    JettyConnection(AcceptOptions options, ConnectionListener listener, ConnectionTracker connections) {
        this.listener = new SerialListener(listener);
        this.input = new InboundFrames(this, this.listener, options);
        this.connections = connections;
    }

    InboundFrames input() {
        return input;
    }

    void writeThrough(FrameWriter frameWriter, WriteSerializer writeSerializer) {
        writer = frameWriter;
        serializer = writeSerializer;
    }

    @Override
    public boolean write(List<Frame> frames, WriteCallback callback) {
        return writer.write(frames, callback);
    }

    @Override
    public void close(CloseStatus status) {
        boolean first;
        synchronized (this) {
            first = !closing;
            closing = true;
        }
        if (!replyToPeer() && first) {
            Callback written = Callback.from(() -> closeFrameDone(true), failure -> closeFrameDone(false));
            session.sendFrame(new OutgoingEntry.Builder(new CloseFrame(status), written).build());
            input.resumeForGood();
        }
    }

    private void closeFrameDone(boolean sent) {
        Runnable next;
        synchronized (this) {
            closeFrameDone = true;
            closeFrameSent = sent;
            next = endAfterCloseFrame;
            endAfterCloseFrame = null;
        }
        if (next != null) {
            next.run();
        }
    }

    /** Sends the reply to the peer's close frame if it is due, and returns whether it was. */
    private boolean replyToPeer() {
        Runnable reply;
        synchronized (this) {
            reply = closeReply;
            closeReply = null;
        }
        if (reply != null) {
            reply.run();
        }
        return reply != null;
    }

    @Override
    public void abort() {
        input.stop();
        session.abort();
    }

    @Override
    public void pauseReading() {
        input.pause();
    }

    @Override
    public void resumeReading() {
        input.resume();
    }

    @Override
    public long drainedBytes() {
        return serializer.drainedBytes();
    }

    @Override
    public boolean hasPendingInput() {
        return input.hasPendingInput();
    }

    /** Sets the session, before the opening. A transport that closes from now on closes this connection too. */
    void attach(CoreSession coreSession) {
        session = coreSession;
        connections.add(this);
    }

    /** Takes the status of the peer's close frame; {@code reply} has Jetty reply, which repeats that status. */
    void peerClosed(CloseStatus status, Runnable reply) {
        peerStatus = status;
        input.readEnds();
        requestCloseReply(reply, status);
    }

    /**
     * Has the listener decide when Jetty sends its close frame. If the listener has sent one before, Jetty ends the
     * connection as soon as that frame has been written.
     */
    private void requestCloseReply(Runnable reply, CloseStatus status) {
        boolean requested;
        boolean waits;
        synchronized (this) {
            requested = closing;
            waits = requested && !closeFrameDone;
            closing = true;
            closeReply = requested ? null : reply;
            endAfterCloseFrame = waits ? reply : null;
        }
        if (!requested) {
            listener.listener().onPeerClose(this, status);
        } else if (!waits) {
            reply.run();
        }
    }

    /**
     * Reports a protocol violation. Called on the reading thread; {@code close} has Jetty send the code and disconnect.
     */
    void fault(CloseException cause, Runnable close) {
        if (faultStatus != null || !listener.enter()) {
            close.run();
            return;
        }
        try {
            input.readEnds();
            faultStatus = CloseStatusConverter.of(cause);
            listener.listener().onError(new ProtocolException(faultStatus, faultStatus.reason()));
            requestCloseReply(close, faultStatus);
        } finally {
            listener.leave();
        }
    }

    /**
     * Returns whether the socket may be closed one half after the other, because the peer has ended the connection and
     * our close frame has been sent.
     */
    boolean mayHalfClose(boolean outputShutdown) {
        boolean peerHasEnded = faultStatus != null || peerStatus != null;
        return peerHasEnded && !input.isStopped() && (outputShutdown || closeFrameSent);
    }

    /** Returns whether this side has begun the close handshake and the peer has not replied. */
    boolean awaitsCloseReply() {
        return closing && peerStatus == null && faultStatus == null;
    }

    void openFailed(Throwable cause) {
        listener.openFailed(cause);
    }

    /** Called when Jetty has completed the HTTP exchange; {@code cause} is {@code null} if it succeeded. */
    void exchangeCompleted(Throwable cause) {
        if (cause != null) {
            openFailed(cause);
        }
    }

    /** Ends the connection for the listener, because Jetty has closed it. */
    void end() {
        connections.remove(this);
        synchronized (this) {
            closing = true;
        }
        CloseStatus received = faultStatus != null ? faultStatus : peerStatus;
        listener.close(received != null ? received : CloseStatus.ABNORMAL);
        // No peer receives it any more, but Jetty waits for the end of that frame.
        replyToPeer();
    }
}
