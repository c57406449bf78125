package io.tankws.transport.javawebsocket;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.WriteBuffers;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one peer. At most one read is with the worker at any time, so that calls are serial and the end comes
 * after the data; a write is tried by its caller and finished by the selector. All of it, and the interest of the key,
 * is guarded by this object's monitor, which is held neither for callbacks nor for long.
 */
final class Wire extends LibraryChannel {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final int DISCARDS_AT_ONCE = 8;
    private static final int ALL = -1;

    private final SocketChannel socket;
    private final SelectionKey key;
    private final WriteBuffers buffers;
    private final IdleVisits idleVisits;
    private final Consumer<Throwable> onFailure;
    /** {@code null} while the socket has taken all there was, and more may come. */
    private Outgoing outgoing;

    private boolean reading;
    private boolean emptyRead;
    private boolean waiting;
    private boolean paused;
    private boolean discarding;
    private boolean ended;
    private boolean blocked;
    private boolean shut;
    private IOException failure;

    Wire(SocketChannel socket, SelectionKey key, Peers peers, Consumer<Throwable> onFailure) {
        this.socket = socket;
        this.key = key;
        buffers = peers.buffers();
        idleVisits = peers.idleVisits();
        this.onFailure = onFailure;
    }

    synchronized void begin() {
        setInterest();
    }

    /** Called by the selector. Failures count as the end, for the library closes sockets in its own way. */
    @Override
    public synchronized int read(ByteBuffer target) {
        try {
            if (discarding) {
                return discard(target);
            }
            if (reading) {
                waiting = true;
                setInterest();
                return 0;
            }
            if (paused) {
                // The library looks at a key again and again until it has brought something: one byte to be ignored.
                reading = true;
                emptyRead = true;
                setInterest();
                target.put((byte) 0);
                return 1;
            }
            int count = socket.read(target);
            reading = count > 0;
            ended = count < 0;
            if (ended) {
                setInterest();
            }
            return count;
        } catch (IOException e) {
            failure = e;
            ended = true;
            setInterest();
            return -1;
        }
    }

    private int discard(ByteBuffer target) throws IOException {
        int count = ended ? -1 : 1;
        for (int i = 0; i < DISCARDS_AT_ONCE && count > 0; i++) {
            count = socket.read(target.clear());
        }
        target.clear();
        ended = count < 0;
        if (ended) {
            setInterest();
        }
        return Math.min(count, 0);
    }

    synchronized IOException failure() {
        return failure;
    }

    /** Tells the worker whether its bytes are none, see {@link #read}. */
    synchronized boolean isEmptyRead() {
        boolean result = emptyRead;
        emptyRead = false;
        return result;
    }

    /** The worker is through with the last read. */
    synchronized void readOn() {
        reading = false;
        waiting = false;
        setInterest();
    }

    synchronized void pause(boolean pause) {
        paused = pause;
        setInterest();
    }

    /** From now on, what comes is read and thrown away until the peer ends. */
    synchronized void discardInput() {
        discarding = true;
        setInterest();
    }

    /** Tells whether the peer has sent more than was read, and takes some of it. */
    synchronized boolean hasUnread() {
        try {
            return !ended && socket.read(ByteBuffer.allocate(1)) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells whether bytes are with the worker, or wait in the socket. */
    synchronized boolean isBehind() {
        try {
            return reading || !ended && socket.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    void first(ByteBuffer response) {
        synchronized (this) {
            outgoing().first(response);
        }
        flush();
    }

    private Outgoing outgoing() {
        if (outgoing == null) {
            outgoing = new Outgoing();
        }
        return outgoing;
    }

    private boolean hasEnded() {
        return outgoing != null && outgoing.hasEnded();
    }

    /** As {@link io.tankws.spi.Connection#write} promises. */
    boolean write(List<Frame> frames, WriteCallback callback) {
        int taken = 0;
        boolean refused = false;
        IOException broken = null;
        synchronized (this) {
            if (outgoing == null) {
                try {
                    taken = push(frames);
                } catch (IOException e) {
                    broken = e;
                }
            }
            if (taken != ALL) {
                refused = hasEnded();
                if (!refused) {
                    outgoing().batch(frames, taken, callback);
                }
            }
        }
        if (taken == ALL) {
            return true;
        }
        if (refused) {
            callBack(callback, new ClosedChannelException());
        } else if (broken != null) {
            onFailure.accept(broken);
        } else {
            flush();
        }
        return false;
    }

    /** Writes what the socket takes of frames that fit into one buffer, which most do. */
    private int push(List<Frame> frames) throws IOException {
        WriteBuffers.WriteBuffer buffer = buffers.take();
        try {
            ByteBuffer bytes = buffer.hold(frames);
            if (!bytes.hasRemaining()) {
                return 0;
            }
            int taken = socket.write(bytes);
            return bytes.hasRemaining() ? taken : ALL;
        } finally {
            buffers.give(buffer);
        }
    }

    /** Queues the last bytes behind a write in flight. Nothing happens if there were last bytes before. */
    void last(ByteBuffer bytes, Runnable whenWritten) {
        synchronized (this) {
            if (hasEnded()) {
                return;
            }
            outgoing().last(bytes, whenWritten);
        }
        flush();
    }

    synchronized void shutOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("The peer is gone already", e);
        }
    }

    /** Called by the selector, also for keys that it has looked at before and that are no longer ready. */
    @Override
    public void writeMore() {
        if (!flush() && idleVisits.count()) {
            key.selector().selectedKeys().clear();
            throw new CancelledKeyException();
        }
    }

    /** Writes what the socket takes, and tells whether it took something. */
    private boolean flush() {
        boolean progress = false;
        WriteCallback written;
        Runnable end;
        IOException broken = null;
        synchronized (this) {
            if (outgoing == null) {
                return false;
            }
            try {
                progress = !shut && outgoing.push(socket, buffers);
            } catch (IOException e) {
                broken = e;
            }
            blocked = broken == null && !outgoing.isEmpty();
            written = outgoing.takeWritten();
            end = outgoing.takeEnd();
            if (outgoing.isEmpty() && !outgoing.hasEnded()) {
                outgoing = null;
            }
            setInterest();
        }
        try {
            callBack(written, null);
            if (end != null) {
                end.run();
            }
            if (broken != null) {
                onFailure.accept(broken);
            }
        } catch (RuntimeException e) {
            // On the selector it would end the server.
            LOG.error("A connection failed after a write", e);
        }
        return progress;
    }

    /**
     * Closes the socket, and fails the write in flight. A peer that does not take what it was sent gets a reset, so that
     * the system need not keep it.
     */
    void shut(Throwable cause, Runnable close) {
        WriteCallback pending;
        synchronized (this) {
            if (shut) {
                return;
            }
            shut = true;
            if (outgoing != null && !outgoing.isEmpty()) {
                reset();
            }
            pending = outgoing().abandon();
        }
        close.run();
        // Only then does the selector let go of the descriptor.
        key.selector().wakeup();
        callBack(pending, cause == null ? new ClosedChannelException() : cause);
    }

    private void reset() {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("The peer is gone already", e);
        }
    }

    private void setInterest() {
        int read = !ended && (discarding || !paused && !waiting) ? SelectionKey.OP_READ : 0;
        int wanted = read | (blocked ? SelectionKey.OP_WRITE : 0);
        try {
            int before = key.interestOps();
            if (wanted != before) {
                key.interestOps(wanted);
                if ((wanted & ~before) != 0) {
                    key.selector().wakeup();
                }
            }
        } catch (CancelledKeyException e) {
            // The socket is closed; whoever did so reports it.
        }
    }

    private static void callBack(WriteCallback callback, Throwable failure) {
        try {
            if (callback != null) {
                callback.onWritten(failure);
            }
        } catch (RuntimeException e) {
            LOG.error("A write callback failed", e);
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
