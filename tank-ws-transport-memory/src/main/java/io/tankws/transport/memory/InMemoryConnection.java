package io.tankws.transport.memory;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.MessageAssembler;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The server's side of one connection. All calls of the listener come from one serial task. */
final class InMemoryConnection implements Connection {
    private static final int BATCH_FRAMES = 64;

    private final ConnectionListener listener;
    private final AcceptOptions acceptance;
    private final MessageAssembler assembler;
    private final Consumer<InMemoryConnection> whenGone;
    private final SerialTask task;
    private final PeerFrames inbox = new PeerFrames();
    private final ReceiveWindow window = new ReceiveWindow();
    private volatile boolean admitted;
    private volatile boolean aborted;
    /** What answers the peer's close frame; {@code null} before it has sent one. */
    private volatile CloseStatus echo;

    // Of the serial task alone.
    private boolean opened;
    private CloseStatus end;
    private boolean closed;

    InMemoryConnection(
            AcceptOptions acceptance,
            ConnectionListener listener,
            Executor executor,
            Consumer<InMemoryConnection> whenGone) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.acceptance = acceptance;
        this.assembler = new MessageAssembler(listener, acceptance);
        this.whenGone = whenGone;
        this.task = new SerialTask(executor, this::step);
    }

    Optional<String> subprotocol() {
        return acceptance.subprotocol();
    }

    PeerFrames inbox() {
        return inbox;
    }

    ReceiveWindow window() {
        return window;
    }

    /** The peer has got its connection: from now on the listener is called. */
    void open() {
        admitted = true;
        wake();
    }

    /** Has the task look at what the peer has done. */
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
        return !inbox.isEmpty();
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("never sent: " + status.code());
        }
        CloseStatus answer = echo;
        if (window.close(answer != null ? answer : status)) {
            inbox.resumeForGood();
            wake();
        }
    }

    @Override
    public void abort() {
        aborted = true;
        window.cut();
        inbox.close();
        wake();
    }

    @Override
    public void pauseReading() {
        inbox.pause(true);
    }

    @Override
    public void resumeReading() {
        inbox.pause(false);
        wake();
    }

    private void step() {
        if (!admitted || closed) {
            return;
        }
        try {
            if (!opened) {
                opened = true;
                listener.onOpen(this);
            }
            window.callBack();
            readBatch();
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
            PeerFrames.Entry entry = inbox.poll();
            if (entry == null) {
                break;
            }
            read++;
            try {
                deliver(entry);
            } catch (ProtocolException e) {
                listener.onReadComplete();
                fault(e);
                return;
            }
        }
        if (read > 0 && !aborted) {
            listener.onReadComplete();
        }
        if (end == null && inbox.isReadable()) {
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
        // A listener that keeps the buffer shall see what that leads to.
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
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "close code " + status.code() + " is never sent");
        }
        end = status;
        if (window.closeStatus() == null) {
            echo = empty ? status : new CloseStatus(status.code(), "");
            listener.onPeerClose(this, status);
        }
    }

    private void fault(ProtocolException cause) {
        if (aborted) {
            return;
        }
        CloseStatus sent = window.closeStatus();
        end = sent == null ? cause.closeStatus() : sent;
        listener.onError(cause);
        if (sent == null) {
            echo = end;
            listener.onPeerClose(this, end);
        }
    }

    /** A peer that is gone cannot be read to the end while reading is paused. */
    private void finish() {
        boolean over = aborted
                || (end != null ? window.isCloseTaken() || inbox.isEnded() : inbox.isEnded() && !inbox.isReadable());
        if (!over) {
            return;
        }
        closed = true;
        inbox.close();
        window.cut();
        window.callBack();
        try {
            listener.onClose(end == null ? CloseStatus.ABNORMAL : end);
        } finally {
            whenGone.accept(this);
        }
    }
}
