package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Limits;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.ConnectionTracker;
import io.tankws.spi.support.MessageAssembler;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.exception.CloseException;

/** One WebSocket: outward the transport's connection, inward Jetty's frame handler. */
final class JettyConnection extends ReadDemand implements Connection, FrameHandler {
    private final ListenerGate gate;
    private DataInput input;
    private final ConnectionTracker connections;
    private InspectingEndPoint watch;
    private FrameWriter writer;
    /** Held while the peer waits for the answer to its close frame; guarded, as changes of the next, by this object. */
    private Runnable answer;
    /** Held while the peer has sent its close frame and ours has still to leave. */
    private Runnable end;

    private boolean closeFrameEnded;

    private volatile boolean closing;
    private volatile boolean closeFrameLeft;
    private volatile boolean aborted;
    private volatile CloseStatus peerStatus;
    private volatile CloseStatus faultStatus;

    JettyConnection(AcceptOptions acceptance, ConnectionListener listener, ConnectionTracker connections) {
        this.gate = new ListenerGate(Objects.requireNonNull(listener, "listener"));
        this.input = new DataInput(new MessageAssembler(listener, withoutFragmentLimit(acceptance)));
        this.connections = connections;
    }

    /** Jetty's pieces look like fragments; {@link FrameHeaderChecker} counts the true ones. */
    private static AcceptOptions withoutFragmentLimit(AcceptOptions acceptance) {
        return new AcceptOptions(
                acceptance.subprotocol(),
                acceptance.compression(),
                acceptance.readBufferSize(),
                acceptance.writeBufferSize(),
                acceptance.maxMessageBytes(),
                Limits.UNLIMITED,
                Limits.UNLIMITED,
                acceptance.closeTimeout(),
                acceptance.partialMessages());
    }

    void watch(InspectingEndPoint watch) {
        this.watch = watch;
    }

    void inflateThrough(MessageInflater inflater) {
        input = new InflatingInput(input.assembler, inflater);
    }

    void writeThrough(FrameWriter writer) {
        this.writer = writer;
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
        if (!answerPeer() && first) {
            Callback written = Callback.from(() -> closeFrameEnded(true), failure -> closeFrameEnded(false));
            session.sendFrame(new OutgoingEntry.Builder(new CloseFrame(status), written).build());
            resumeForGood();
        }
    }

    /** Our close frame has left or never will. The peer may have sent its own in the meantime. */
    private void closeFrameEnded(boolean left) {
        Runnable next;
        synchronized (this) {
            closeFrameEnded = true;
            closeFrameLeft = left;
            next = end;
            end = null;
        }
        if (next != null) {
            next.run();
        }
    }

    private boolean answerPeer() {
        Runnable toPeer;
        synchronized (this) {
            toPeer = answer;
            answer = null;
        }
        if (toPeer != null) {
            toPeer.run();
        }
        return toPeer != null;
    }

    @Override
    public void abort() {
        aborted = true;
        session.abort();
    }

    @Override
    public void pauseReading() {
        pause();
    }

    @Override
    public void resumeReading() {
        resume();
    }

    @Override
    public long drainedBytes() {
        return watch.drainedBytes();
    }

    @Override
    public boolean hasPendingInput() {
        return watch.hasUnread();
    }

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
        session = coreSession;
        // First, so that a transport that closes meanwhile knows of it.
        connections.add(this);
        // Before the listener: who learns of this connection from it may write and close at once, for which Jetty's
        // session must be open.
        callback.succeeded();
        if (gate.open(this)) {
            demandNext();
        }
    }

    @Override
    public void onFrame(org.eclipse.jetty.websocket.core.Frame frame, Callback callback) {
        if (aborted || !gate.enter()) {
            callback.succeeded();
            return;
        }
        try {
            if (frame.getOpCode() == OpCode.CLOSE) {
                peerStatus = CloseStatusConverter.of(frame);
                watch.readComplete();
                // Jetty then sends back what the peer said.
                owe(callback::succeeded, peerStatus);
                return;
            }
            deliver(frame);
            callback.succeeded();
            if (!demandNext()) {
                watch.readComplete();
            }
        } catch (ProtocolException e) {
            CloseStatus status = e.closeStatus();
            callback.failed(new CloseException(status.code(), status.reason()));
        } finally {
            gate.leave();
        }
    }

    private void deliver(org.eclipse.jetty.websocket.core.Frame frame) throws ProtocolException {
        ByteBuffer payload = frame.hasPayload() ? frame.getPayload() : BufferUtil.EMPTY_BUFFER;
        switch (frame.getOpCode()) {
            case OpCode.PING -> gate.listener().onPing(payload.asReadOnlyBuffer());
            case OpCode.PONG -> gate.listener().onPong(payload.asReadOnlyBuffer());
            default -> input.take(frame.getOpCode(), frame.isRsv1(), payload, frame.isFin());
        }
    }

    /**
     * Has the listener decide when Jetty sends its close frame. If the listener has sent one already, Jetty ends the
     * connection as soon as that frame has left.
     */
    private void owe(Runnable close, CloseStatus status) {
        boolean sent;
        boolean waits;
        synchronized (this) {
            sent = closing;
            waits = sent && !closeFrameEnded;
            closing = true;
            answer = sent ? null : close;
            end = waits ? close : null;
        }
        if (!sent) {
            gate.listener().onPeerClose(this, status);
        } else if (!waits) {
            close.run();
        }
    }

    void readComplete() {
        if (!aborted && gate.enter()) {
            try {
                gate.listener().onReadComplete();
            } finally {
                gate.leave();
            }
        }
    }

    /** The peer broke the protocol; {@code close} has Jetty send the code and cut the connection. On the reading thread. */
    void fault(CloseException cause, Runnable close) {
        if (faultStatus != null || !gate.enter()) {
            close.run();
            return;
        }
        try {
            watch.readComplete();
            faultStatus = CloseStatusConverter.of(cause);
            gate.listener().onError(new ProtocolException(faultStatus, faultStatus.reason()));
            owe(close, faultStatus);
        } finally {
            gate.leave();
        }
    }

    /**
     * Returns whether the socket may be closed one half after the other: the peer has ended, and our close frame has left.
     */
    boolean mayHalfClose(boolean outputShutdown) {
        boolean peerHasEnded = faultStatus != null || peerStatus != null;
        return peerHasEnded && !aborted && (outputShutdown || closeFrameLeft);
    }

    /** Tells whether this side began to close, and the peer has still to say so too. */
    boolean awaitsAnswer() {
        return closing && peerStatus == null && faultStatus == null;
    }

    void openFailed(Throwable cause) {
        gate.openFailed(cause);
    }

    /** Called when Jetty is through with the HTTP exchange, be it well or not. */
    void openFailedBy(Throwable cause) {
        if (cause != null) {
            openFailed(cause);
        }
    }

    /** Faults have been told where they were found; for all else {@link #onClosed} says enough. */
    @Override
    public void onError(Throwable cause, Callback callback) {
        callback.succeeded();
    }

    @Override
    public void onClosed(org.eclipse.jetty.websocket.core.CloseStatus status, Callback callback) {
        connections.remove(this);
        synchronized (this) {
            closing = true;
        }
        gate.openFailed(new ClosedChannelException());
        CloseStatus told = faultStatus != null ? faultStatus : peerStatus;
        gate.close(told != null ? told : CloseStatus.ABNORMAL);
        // It has nobody to go to any more, but Jetty waits for the end of that frame.
        answerPeer();
        callback.succeeded();
    }
}
