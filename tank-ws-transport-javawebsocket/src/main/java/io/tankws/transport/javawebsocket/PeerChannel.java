package io.tankws.transport.javawebsocket;

import io.tankws.Frame;
import io.tankws.spi.Connection.WriteCallback;
import io.tankws.spi.support.HalfClosedSockets;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one peer, which the selector reads. The caller of a write tries it, and the selector finishes it.
 *
 * <p>At most one read is with the worker at any time, so that calls are serial and the end comes after the data. The
 * monitor of this object guards all state and the interest of the key. It is held neither during callbacks nor while
 * anything waits.
 */
final class PeerChannel extends ChannelAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);
    private static final int ALL = -1;
    private static final int MAX_DISCARDS_PER_TURN = 8;

    private final SocketChannel socket;
    private final SelectionKey key;
    private final PeerSockets peers;
    private final WriteBufferPool buffers;
    private final Consumer<Throwable> onFailure;

    /** {@code true} if the worker has bytes of a read. */
    private boolean reading;

    /** {@code true} if the worker's bytes are a placeholder, see {@link #read}. */
    private boolean emptyRead;

    /** {@code true} if the socket has more bytes, which wait for the worker. */
    private boolean readPending;

    private boolean paused;
    private boolean discarding;
    private long discardedBytes;
    private boolean inputEnded;
    private @Nullable Throwable failure;

    /** The output that waits for the socket, and the end of output; {@code null} if all was taken and more may come. */
    private @Nullable PendingOutput output;

    /** {@code true} if the output waits until the selector finds the socket writable. */
    private boolean blocked;

    private boolean closed;
    private volatile long drainedBytes;

    PeerChannel(SocketChannel socket, SelectionKey key, PeerSockets peers, Consumer<Throwable> onFailure) {
        this.socket = socket;
        this.key = key;
        this.peers = peers;
        this.buffers = peers.buffers();
        this.onFailure = onFailure;
    }

    /** Begins to read. */
    synchronized void start() {
        setInterest();
    }

    /**
     * Reads for the selector. A failure counts as the end of input, because the library closes sockets in its own way.
     */
    @Override
    public synchronized int read(ByteBuffer target) {
        try {
            if (discarding) {
                return discard(target);
            }
            if (reading) {
                readPending = true;
                setInterest();
                return 0;
            }
            if (paused) {
                // The library visits a key until it has brought something, so this brings one byte, which is ignored.
                reading = true;
                emptyRead = true;
                setInterest();
                target.put((byte) 0);
                return 1;
            }
            int count = socket.read(target);
            reading = count > 0;
            inputEnded = count < 0;
            if (inputEnded) {
                setInterest();
            }
            return count;
        } catch (IOException | RuntimeException | Error e) {
            // On the selector's thread an error would end all connections instead of this one.
            failure = e;
            inputEnded = true;
            setInterest();
            return -1;
        }
    }

    private int discard(ByteBuffer target) throws IOException {
        int count = inputEnded ? -1 : 1;
        for (int i = 0; i < MAX_DISCARDS_PER_TURN && count > 0; i++) {
            count = socket.read(target.clear());
            discardedBytes += Math.max(0, count);
        }
        target.clear();
        inputEnded = count < 0 || discardedBytes > HalfClosedSockets.MAX_BYTES;
        if (inputEnded) {
            setInterest();
        }
        return inputEnded ? -1 : 0;
    }

    /** Returns the failure that ended the input, or {@code null}. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Returns whether the worker must ignore its bytes, see {@link #read}. */
    synchronized boolean takeEmptyRead() {
        boolean result = emptyRead;
        emptyRead = false;
        return result;
    }

    /** Allows the next read, because the worker has finished the last one. */
    synchronized void resumeRead() {
        reading = false;
        readPending = false;
        setInterest();
    }

    synchronized void pause(boolean pause) {
        paused = pause;
        setInterest();
    }

    /** Discards all further input until the peer ends its half. */
    synchronized void discardInput() {
        discarding = true;
        setInterest();
    }

    /** Returns whether the worker has bytes or bytes wait in the socket. */
    synchronized boolean hasPendingInput() {
        try {
            return reading || !inputEnded && socket.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void setInterest() {
        int read = !inputEnded && (discarding || !paused && !readPending) ? SelectionKey.OP_READ : 0;
        int interest = read | (blocked ? SelectionKey.OP_WRITE : 0);
        try {
            int before = key.interestOps();
            if (interest != before) {
                key.interestOps(interest);
                if ((interest & ~before) != 0) {
                    key.selector().wakeup();
                }
            }
        } catch (CancelledKeyException e) {
            // The socket is closed, which the thread that closes it reports.
        }
    }

    /** Writes the response to the handshake. */
    void writeResponse(ByteBuffer response) {
        synchronized (this) {
            output().addResponse(response);
        }
        flush();
    }

    private PendingOutput output() {
        if (output == null) {
            output = new PendingOutput();
        }
        return output;
    }

    private boolean hasOutputEnded() {
        return output != null && output.hasEnded();
    }

    /** Writes frames, as {@link io.tankws.spi.Connection#write} describes. */
    boolean write(List<Frame> frames, WriteCallback callback) {
        int written = 0;
        boolean rejected = false;
        Throwable writeFailure = null;
        synchronized (this) {
            if (output == null) {
                try {
                    written = tryWrite(frames);
                } catch (IOException | RuntimeException | Error e) {
                    // Also an error: there may be no memory for a direct buffer.
                    writeFailure = e;
                }
            }
            if (written != ALL) {
                rejected = hasOutputEnded();
                if (!rejected) {
                    output().addFrames(frames, written, callback);
                }
            }
        }
        if (written == ALL) {
            return true;
        }
        if (rejected) {
            callBack(callback, new ClosedChannelException());
        } else if (writeFailure != null) {
            onFailure.accept(writeFailure);
        } else {
            flush();
        }
        return false;
    }

    /**
     * Writes frames that fit into one buffer, as most do. Returns the number of bytes that the socket took, or
     * {@link #ALL}.
     */
    private int tryWrite(List<Frame> frames) throws IOException {
        WriteBufferPool.WriteBuffer buffer = buffers.acquire();
        try {
            ByteBuffer bytes = buffer.fill(frames);
            if (!bytes.hasRemaining()) {
                return 0;
            }
            int written = socket.write(bytes);
            return bytes.hasRemaining() ? written : ALL;
        } finally {
            buffers.release(buffer);
        }
    }

    /** Writes the last bytes, after a write in flight. Does nothing if last bytes were given before. */
    void writeFinal(ByteBuffer bytes, Runnable whenWritten) {
        synchronized (this) {
            if (hasOutputEnded()) {
                return;
            }
            output().addFinal(bytes, whenWritten);
        }
        flush();
    }

    void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("The peer has closed its socket before", e);
        }
    }

    /** Writes for the selector, which also visits keys of earlier rounds that are no longer ready. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the selector thread alone writes it
    @Override
    public void writeMore() {
        long written = flush();
        // Only the selector comes here, and only for sockets that have refused bytes.
        drainedBytes += written;
        peers.clearInterrupt();
        if (written == 0 && peers.spuriousSelections().count()) {
            key.selector().selectedKeys().clear();
            throw new CancelledKeyException();
        }
    }

    /** Returns the value of {@link io.tankws.spi.Connection#drainedBytes}. */
    long drainedBytes() {
        return drainedBytes;
    }

    /** Writes what the socket takes, and returns the number of bytes. A failure ends this peer alone. */
    private long flush() {
        long written = 0;
        WriteCallback completed;
        Runnable afterFinal;
        Throwable writeFailure = null;
        synchronized (this) {
            if (output == null) {
                return 0;
            }
            try {
                written = closed ? 0 : output.writeTo(socket, buffers);
            } catch (IOException | RuntimeException | Error e) {
                writeFailure = e;
            }
            blocked = writeFailure == null && !output.isEmpty();
            completed = output.takeCompleted();
            afterFinal = output.takeAfterFinal();
            if (output.isEmpty() && !output.hasEnded()) {
                output = null;
            }
            setInterest();
        }
        try {
            callBack(completed, null);
            if (afterFinal != null) {
                afterFinal.run();
            }
        } catch (RuntimeException | Error e) {
            // On the selector's thread it would end the server.
            writeFailure = e;
        }
        if (writeFailure != null) {
            onFailure.accept(writeFailure);
        }
        return written;
    }

    /**
     * Closes the socket, once, and fails the write in flight. The socket is reset if output waits, so that the system
     * need not keep the output for a peer that does not take it.
     *
     * @param cause the cause for the write callback, or {@code null}
     * @param closeSocket closes the socket in the library
     */
    void close(@Nullable Throwable cause, Runnable closeSocket) {
        boolean unsent;
        WriteCallback pending;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            unsent = output != null && !output.isEmpty();
            pending = output().abandon();
        }
        if (unsent) {
            resetOnClose();
        }
        closeSocket.run();
        // The selector releases the descriptor only when it runs.
        key.selector().wakeup();
        callBack(pending, cause == null ? new ClosedChannelException() : cause);
    }

    private void resetOnClose() {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("The peer has closed its socket before", e);
        }
    }

    private static void callBack(@Nullable WriteCallback callback, @Nullable Throwable writeFailure) {
        try {
            if (callback != null) {
                callback.onWritten(writeFailure);
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
