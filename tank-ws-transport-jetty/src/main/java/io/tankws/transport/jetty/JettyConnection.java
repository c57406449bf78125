package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Acceptance;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.MessageAssembler;
import io.tankws.spi.OpenConnections;
import io.tankws.spi.ProtocolException;
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
final class JettyConnection extends Demand implements Connection, FrameHandler {
    private final ListenerGate gate;
    private final MessageAssembler assembler;
    private final OpenConnections connections;
    private ReadWatch watch;
    private FrameWriter writer;
    /** Held while the peer waits for the answer to its close frame; guarded, as changes of the next, by this object. */
    private Runnable answer;

    private volatile boolean closing;
    private volatile boolean aborted;
    private volatile CloseStatus peerStatus;
    private volatile CloseStatus faultStatus;

    JettyConnection(Acceptance acceptance, ConnectionListener listener, OpenConnections connections) {
        this.gate = new ListenerGate(Objects.requireNonNull(listener, "listener"));
        this.assembler = new MessageAssembler(listener, withoutFragmentLimit(acceptance));
        this.connections = connections;
    }

    /** Jetty's pieces look like fragments; {@link FrameGuard} counts the true ones. */
    private static Acceptance withoutFragmentLimit(Acceptance acceptance) {
        return new Acceptance(
                acceptance.subprotocol(),
                acceptance.compression(),
                acceptance.readBufferSize(),
                acceptance.writeBufferSize(),
                acceptance.maxMessageBytes(),
                Integer.MAX_VALUE);
    }

    void watch(ReadWatch watch) {
        this.watch = watch;
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
            session.sendFrame(new OutgoingEntry.Builder(new CloseFrame(status), Callback.NOOP).build());
            resumeForGood();
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
    public boolean hasUnread() {
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
                peerStatus = Statuses.of(frame);
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
            default -> {
                assembler.begin(frame.getOpCode(), payload.remaining());
                assembler.piece(payload, frame.isFin());
            }
        }
    }

    /** Has the listener say when Jetty sends its close frame, unless ours is out. */
    private void owe(Runnable close, CloseStatus status) {
        boolean sent;
        synchronized (this) {
            sent = closing;
            closing = true;
            answer = sent ? null : close;
        }
        if (sent) {
            close.run();
        } else {
            gate.listener().onPeerClose(this, status);
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
            faultStatus = Statuses.of(cause);
            gate.listener().onError(new ProtocolException(faultStatus.code(), faultStatus.reason()));
            owe(close, faultStatus);
        } finally {
            gate.leave();
        }
    }

    /** Tells whether the peer is owed a close frame that says what it did. */
    boolean mayLinger() {
        return faultStatus != null && !aborted;
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
