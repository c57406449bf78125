package io.tankws.transport.javawebsocket;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.support.WriteBufferPool;
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
 * The socket of one peer. A write is tried by its caller and finished by the selector. All of it, and the interest of the
 * key, is guarded by this object's monitor, which is held neither for callbacks nor for long.
 */
final class PeerChannel extends PeerInput {
    private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);
    private static final int ALL = -1;

    private final WriteBufferPool buffers;
    private final PeerSockets peers;
    private final Consumer<Throwable> onFailure;
    /** {@code null} while the socket has taken all there was, and more may come. */
    private PendingOutput outgoing;

    private boolean shut;
    private volatile long drained;

    PeerChannel(SocketChannel socket, SelectionKey key, PeerSockets peers, Consumer<Throwable> onFailure) {
        super(socket, key);
        buffers = peers.buffers();
        this.peers = peers;
        this.onFailure = onFailure;
    }

    void first(ByteBuffer response) {
        synchronized (this) {
            outgoing().first(response);
        }
        flush();
    }

    private PendingOutput outgoing() {
        if (outgoing == null) {
            outgoing = new PendingOutput();
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
        Throwable broken = null;
        synchronized (this) {
            if (outgoing == null) {
                try {
                    taken = push(frames);
                } catch (IOException | RuntimeException | Error e) {
                    // An error too: there may be no memory left for a direct buffer.
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
        WriteBufferPool.WriteBuffer buffer = buffers.acquire();
        try {
            ByteBuffer bytes = buffer.fill(frames);
            if (!bytes.hasRemaining()) {
                return 0;
            }
            int taken = socket.write(bytes);
            return bytes.hasRemaining() ? taken : ALL;
        } finally {
            buffers.release(buffer);
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

    void shutOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("The peer is gone already", e);
        }
    }

    /** Called by the selector, also for keys that it has looked at before and that are no longer ready. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the selector thread alone writes it
    @Override
    public void writeMore() {
        long taken = flush();
        // The selector alone comes here, and only for sockets that had refused something.
        drained += taken;
        peers.forgetInterrupt();
        if (taken == 0 && peers.idleVisits().count()) {
            key.selector().selectedKeys().clear();
            throw new CancelledKeyException();
        }
    }

    /** As {@link io.tankws.spi.Connection#drainedBytes} promises. */
    long drainedBytes() {
        return drained;
    }

    /** Writes what the socket takes, and returns how many bytes it took. What goes wrong ends this peer alone. */
    private long flush() {
        long taken = 0;
        WriteCallback written;
        Runnable end;
        Throwable broken = null;
        synchronized (this) {
            if (outgoing == null) {
                return 0;
            }
            try {
                taken = shut ? 0 : outgoing.push(socket, buffers);
            } catch (IOException | RuntimeException | Error e) {
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
        } catch (RuntimeException | Error e) {
            // On the selector it would end the server.
            broken = e;
        }
        if (broken != null) {
            onFailure.accept(broken);
        }
        return taken;
    }

    /**
     * Closes the socket, and fails the write in flight. A peer that does not take what it was sent gets a reset, so that
     * the system need not keep it.
     */
    void shut(Throwable cause, Runnable close) {
        boolean unsent;
        WriteCallback pending;
        synchronized (this) {
            if (shut) {
                return;
            }
            shut = true;
            unsent = outgoing != null && !outgoing.isEmpty();
            pending = outgoing().abandon();
        }
        if (unsent) {
            reset();
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

    private static void callBack(WriteCallback callback, Throwable failure) {
        try {
            if (callback != null) {
                callback.onWritten(failure);
            }
        } catch (RuntimeException e) {
            LOG.error("A write callback failed", e);
        }
    }
}
