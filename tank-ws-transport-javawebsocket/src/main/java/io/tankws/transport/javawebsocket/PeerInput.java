package io.tankws.transport.javawebsocket;

import io.tankws.spi.support.HalfClosedSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * The reading half of a {@link PeerChannel}, in one object with the other. At most one read is with the worker at any time, so
 * that calls are serial and the end comes after the data.
 */
abstract class PeerInput extends ChannelAdapter {
    private static final int DISCARDS_AT_ONCE = 8;

    final SocketChannel socket;
    final SelectionKey key;
    /** Whether the other half waits for the socket. */
    boolean blocked;

    private boolean reading;
    private boolean emptyRead;
    private boolean waiting;
    private boolean paused;
    private boolean discarding;
    private long discarded;
    private boolean ended;
    private Throwable failure;

    PeerInput(SocketChannel socket, SelectionKey key) {
        this.socket = socket;
        this.key = key;
    }

    final synchronized void begin() {
        setInterest();
    }

    /** Called by the selector. Failures count as the end, for the library closes sockets in its own way. */
    @Override
    public final synchronized int read(ByteBuffer target) {
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
        } catch (IOException | RuntimeException | Error e) {
            // On the selector an error would end all connections instead of this one.
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
            discarded += Math.max(0, count);
        }
        target.clear();
        ended = count < 0 || discarded > HalfClosedSockets.MAX_BYTES;
        if (ended) {
            setInterest();
        }
        return ended ? -1 : 0;
    }

    final synchronized Throwable failure() {
        return failure;
    }

    /** Tells the worker whether its bytes are none, see {@link #read}. */
    final synchronized boolean isEmptyRead() {
        boolean result = emptyRead;
        emptyRead = false;
        return result;
    }

    /** The worker is through with the last read. */
    final synchronized void readOn() {
        reading = false;
        waiting = false;
        setInterest();
    }

    final synchronized void pause(boolean pause) {
        paused = pause;
        setInterest();
    }

    /** From now on, what comes is read and thrown away until the peer ends. */
    final synchronized void discardInput() {
        discarding = true;
        setInterest();
    }

    /** Tells whether bytes are with the worker, or wait in the socket. */
    final synchronized boolean isBehind() {
        try {
            return reading || !ended && socket.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    final void setInterest() {
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

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
