package io.tankws.transport.memory;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.MessageAssembler;
import io.tankws.spi.support.SerialListener;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server side of one connection. A serial task makes all calls of the listener. */
final class InMemoryConnection implements Connection {
    private static final int BATCH_FRAMES = 64;

    private final ConnectionListener listener;
    private final SerialListener serial;
    private final AcceptOptions acceptance;
    private final MessageAssembler assembler;
    private final SerialTask task;
    private final PeerFrames peerFrames = new PeerFrames();
    private final ReceiveWindow window = new ReceiveWindow();
    private volatile boolean accepted;
    private volatile boolean aborted;
    /** Reply to the close frame of the peer, or {@code null} before the peer has sent one. */
    private volatile @Nullable CloseStatus closeReply;

    // The fields below are used by the serial task only.
    private @Nullable CloseStatus end;
    private boolean closed;

    InMemoryConnection(
            AcceptOptions acceptance,
            ConnectionListener listener,
            Executor executor,
            Consumer<InMemoryConnection> onClosed) {
        this.listener = listener;
        this.serial = new SerialListener(listener, () -> onClosed.accept(this));
        this.acceptance = acceptance;
        this.assembler = new MessageAssembler(listener, acceptance);
        this.task = new SerialTask(executor, this::step);
    }

    Optional<String> subprotocol() {
        return acceptance.subprotocol();
    }

    PeerFrames peerFrames() {
        return peerFrames;
    }

    ReceiveWindow window() {
        return window;
    }

    /** Starts the calls of the listener, after the peer has got its connection. */
    void open() {
        accepted = true;
        wake();
    }

    /** Schedules the task, which handles the actions of the peer. */
    void wake() {
        task.schedule();
    }

    @Override
    public boolean write(List<Frame> frames, WriteCallback callback) {
        window.write(frames, callback);
        return false;
    }

    @Override
    public long drainedBytes() {
        return window.drained();
    }

    @Override
    public boolean hasPendingInput() {
        return !peerFrames.isEmpty();
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("the code must be one that can be sent, but was " + status.code());
        }
        CloseStatus answer = closeReply;
        if (window.close(answer != null ? answer : status)) {
            peerFrames.resumeForGood();
            wake();
        }
    }

    @Override
    public void abort() {
        aborted = true;
        window.abort();
        peerFrames.close();
        wake();
    }

    @Override
    public void pauseReading() {
        peerFrames.pause(true);
    }

    @Override
    public void resumeReading() {
        peerFrames.pause(false);
        wake();
    }

    private void step() {
        if (!accepted || closed) {
            return;
        }
        try {
            serial.open(this);
            window.callBack();
            if (serial.enter()) {
                try {
                    readBatch();
                } finally {
                    serial.leave();
                }
            }
        } catch (RuntimeException | Error e) {
            abort();
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
        finish();
    }

    private void readBatch() {
        int read = 0;
        while (end == null && !aborted && read < BATCH_FRAMES) {
            PeerFrames.Entry entry = peerFrames.poll();
            if (entry == null) {
                break;
            }
            read++;
            try {
                deliver(entry);
            } catch (ProtocolException e) {
                listener.onReadComplete();
                fail(e);
                return;
            }
        }
        if (read > 0 && !aborted) {
            listener.onReadComplete();
        }
        if (end == null && peerFrames.isReadable()) {
            wake();
        }
    }

    private void deliver(PeerFrames.Entry entry) throws ProtocolException {
        if (entry.status() != null) {
            closeBy(entry.status());
            return;
        }
        ByteBuffer payload = ByteBuffer.wrap(entry.payload());
        if (entry.opcode() < 0x8) {
            if (entry.opcode() > 0x2) {
                throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "unknown opcode");
            }
            assembler.beginFrame(entry.opcode(), payload.remaining());
            assembler.payload(payload, entry.fin());
        } else {
            deliverControl(entry, payload.asReadOnlyBuffer());
        }
        // A listener that keeps the buffer must find other bytes in it, as with a real transport.
        Arrays.fill(entry.payload(), (byte) 0);
    }

    private void deliverControl(PeerFrames.Entry entry, ByteBuffer payload) throws ProtocolException {
        if (!entry.fin() || payload.remaining() > Frame.MAX_CONTROL_PAYLOAD) {
            throw new ProtocolException(
                    CloseStatus.PROTOCOL_ERROR, "control frame fragmented or larger than 125 bytes");
        }
        switch (entry.opcode()) {
            case 0x9 -> listener.onPing(payload);
            case 0xA -> listener.onPong(payload);
            default -> throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "unknown opcode");
        }
    }

    private void closeBy(CloseStatus status) throws ProtocolException {
        boolean empty = status.equals(CloseStatus.NO_STATUS);
        if (!empty && !status.isSendable()) {
            throw new ProtocolException(
                    CloseStatus.PROTOCOL_ERROR, "close code " + status.code() + " must not be sent");
        }
        end = status;
        if (window.closeStatus() == null) {
            closeReply = empty ? status : new CloseStatus(status.code(), "");
            listener.onPeerClose(this, status);
        }
    }

    private void fail(ProtocolException cause) {
        if (aborted) {
            return;
        }
        CloseStatus sent = window.closeStatus();
        end = sent == null ? cause.closeStatus() : sent;
        listener.onError(cause);
        if (sent == null) {
            closeReply = end;
            listener.onPeerClose(this, end);
        }
    }

    /**
     * Closes the connection of a peer that has disconnected. Its remaining frames are not read while reading is
     * paused.
     */
    private void finish() {
        boolean over = aborted
                || (end != null
                        ? window.isCloseTaken() || peerFrames.isEnded()
                        : peerFrames.isEnded() && !peerFrames.isReadable());
        if (!over) {
            return;
        }
        closed = true;
        peerFrames.close();
        window.abort();
        window.callBack();
        serial.close(end == null ? CloseStatus.ABNORMAL : end);
    }
}
