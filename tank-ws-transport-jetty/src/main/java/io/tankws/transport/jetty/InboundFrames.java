package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.Limits;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.MessageAssembler;
import io.tankws.spi.support.SerialListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a connection, which Jetty calls as its frame handler. It asks Jetty for one frame after the
 * other, hands the messages to the listener, and reports the end of each read. {@link JettyConnection} handles close
 * frames.
 *
 * <p>A read ends when Jetty asks the socket for more bytes, which it does only after the last whole frame in its
 * buffer. It also ends when no further frame is asked for: while reading is paused, after a close frame and after a
 * protocol violation. One thread reads at a time.
 */
final class InboundFrames implements FrameHandler {
    private final JettyConnection connection;
    private final SerialListener listener;
    private final MessageAssembler assembler;

    /** The inflater of compressed messages; {@code null} without compression. */
    private @Nullable MessageInflater inflater;

    /** {@code true} if the current message is compressed. */
    private boolean inflating;

    /** The opcode for the next inflated chunk: 0 after the first one of a message. */
    private int chunkOpcode;

    /** The session that frames are asked for; set at the opening. */
    @SuppressWarnings("NullAway.Init") // set by attach and at the opening
    private CoreSession session;

    /** The socket beneath; an HTTP/2 connection shares it between its streams. */
    @SuppressWarnings("NullAway.Init") // set by attach and at the opening
    private EndPoint socket;

    /** {@code true} if bytes have come since the last report; written by the reading thread. */
    private volatile boolean unreported;

    private volatile boolean stopped;

    /** Guarded, like the next two, by this object. */
    private boolean paused;

    /** {@code true} if a frame must be asked for when reading resumes. */
    private boolean demandPending;

    private boolean pauseIgnored;

    InboundFrames(JettyConnection connection, SerialListener listener, AcceptOptions options) {
        this.connection = connection;
        this.listener = listener;
        this.assembler = new MessageAssembler(listener.listener(), withoutFragmentLimit(options));
    }

    /** Jetty's pieces of frames look like fragments; {@link FrameHeaderChecker} counts the true ones. */
    private static AcceptOptions withoutFragmentLimit(AcceptOptions options) {
        return options.toBuilder()
                .maxFrameBytes(Limits.UNLIMITED)
                .maxFragments(Limits.UNLIMITED)
                .build();
    }

    /** Sets the socket beneath, and the inflater or {@code null}. Called before the opening. */
    void attach(EndPoint socketBeneath, @Nullable MessageInflater messageInflater) {
        socket = socketBeneath;
        inflater = messageInflater;
    }

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
        session = coreSession;
        connection.attach(coreSession);
        // Before the listener is called: it may pass the connection to a thread that writes and closes at once, for
        // which Jetty's session must be open.
        callback.succeeded();
        if (listener.open(connection)) {
            demand();
        }
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        if (stopped || !listener.enter()) {
            callback.succeeded();
            return;
        }
        try {
            if (frame.getOpCode() == OpCode.CLOSE) {
                connection.peerClosed(CloseStatusConverter.of(frame), callback::succeeded);
                return;
            }
            deliver(frame);
            callback.succeeded();
            continueRead();
        } catch (ProtocolException e) {
            CloseStatus status = e.closeStatus();
            callback.failed(new CloseException(status.code(), status.reason()));
        } finally {
            listener.leave();
        }
    }

    /** Does nothing: faults are reported where they are found, and {@link #onClosed} follows in all other cases. */
    @Override
    public void onError(Throwable cause, Callback callback) {
        callback.succeeded();
    }

    @Override
    public void onClosed(org.eclipse.jetty.websocket.core.CloseStatus status, Callback callback) {
        connection.end();
        callback.succeeded();
    }

    /** Stops all calls of the listener, because the connection is aborted. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /**
     * Hands a frame to the listener; a data frame may be a piece of one that the peer has sent.
     *
     * @throws ProtocolException if the peer violates the protocol
     */
    private void deliver(Frame frame) throws ProtocolException {
        if (!unreported) {
            // A pause has ended the read before this frame, which came with that read.
            unreported = true;
        }
        ByteBuffer payload = frame.hasPayload() ? frame.getPayload() : BufferUtil.EMPTY_BUFFER;
        switch (frame.getOpCode()) {
            case OpCode.PING -> listener.listener().onPing(payload.asReadOnlyBuffer());
            case OpCode.PONG -> listener.listener().onPong(payload.asReadOnlyBuffer());
            default -> deliverData(frame.getOpCode(), frame.isRsv1(), payload, frame.isFin());
        }
    }

    private void deliverData(int opcode, boolean compressed, ByteBuffer payload, boolean last)
            throws ProtocolException {
        if (inflater != null) {
            if (opcode != OpCode.CONTINUATION) {
                inflating = compressed;
                chunkOpcode = opcode;
            } else if (compressed) {
                // RFC 7692 section 6.1.
                throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "reserved bit set in a continuation");
            }
            if (inflating) {
                inflater.inflate(payload, last, this::deliverInflated);
                return;
            }
        }
        assemble(opcode, payload, last);
    }

    private void deliverInflated(ByteBuffer chunk, boolean last) throws ProtocolException {
        assemble(chunkOpcode, chunk, last);
        chunkOpcode = OpCode.CONTINUATION;
    }

    private void assemble(int opcode, ByteBuffer payload, boolean last) throws ProtocolException {
        assembler.beginFrame(opcode, payload.remaining());
        assembler.payload(payload, last);
    }

    /** Notes that a read has brought bytes. */
    void readBegins() {
        unreported = true;
    }

    /** Reports the end of a read to the listener, unless it has been reported. */
    void readEnds() {
        if (!unreported) {
            return;
        }
        unreported = false;
        if (!stopped && listener.enter()) {
            try {
                listener.listener().onReadComplete();
            } finally {
                listener.leave();
            }
        }
    }

    /** Returns whether a read is in progress or bytes wait in the socket. Any thread may call this. */
    boolean hasPendingInput() {
        EndPoint innermost = socket;
        while (innermost instanceof EndPoint.Wrapper wrapper) {
            innermost = wrapper.unwrap();
        }
        try {
            return unreported
                    || innermost.getTransport() instanceof SocketChannel channel
                            && channel.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks for the next frame, or ends the read if reading is paused. */
    private void continueRead() {
        if (!demand()) {
            readEnds();
        }
    }

    /** Asks for a frame, now or when reading resumes. Returns whether a frame was asked for. */
    private boolean demand() {
        synchronized (this) {
            if (paused) {
                demandPending = true;
                return false;
            }
        }
        session.demand();
        return true;
    }

    synchronized void pause() {
        paused = !pauseIgnored;
    }

    void resume() {
        synchronized (this) {
            paused = false;
            if (!demandPending) {
                return;
            }
            demandPending = false;
        }
        try {
            session.demand();
        } catch (RejectedExecutionException e) {
            session.abort();
        }
    }

    /**
     * Resumes reading and ignores later pauses: the peer's close frame comes after the other bytes that it has sent.
     */
    void resumeForGood() {
        synchronized (this) {
            pauseIgnored = true;
        }
        resume();
    }
}
