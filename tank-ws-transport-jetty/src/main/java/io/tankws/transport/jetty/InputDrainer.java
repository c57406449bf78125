package io.tankws.transport.jetty;

import io.tankws.spi.support.HalfClosedSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The only reader of a socket whose peer has sent its close frame or violated the protocol. It discards all input, as
 * RFC 6455 section 5.5.1 requires. After our close frame it closes the socket as soon as the peer has ended its half.
 * If the socket were closed with unread bytes, the kernel would reset the connection, and the peer might lose bytes
 * that it has not read.
 */
final class InputDrainer implements Callback {
    private static final int BUFFER_BYTES = 4096;
    private static final int MAX_READS_PER_TURN = 16;

    private final EndPoint socket;
    private final HalfClosedSockets halfClosed;

    /** The number of bytes discarded; used by one thread at a time. */
    private long discardedBytes;

    /**
     * {@code true} if this is the reader of the socket. Volatile, because each read of an open connection checks it.
     */
    private volatile boolean begun;

    /** {@code true} if the input has ended. */
    private boolean ended;

    /** {@code true} if our half has ended, and the socket waits for the end of input. */
    private boolean waiting;

    private Scheduler.@Nullable Task deadline;

    InputDrainer(EndPoint socket, HalfClosedSockets halfClosed) {
        this.socket = socket;
        this.halfClosed = halfClosed;
    }

    /** Begins to read, once. Nothing else may read the socket afterwards. */
    void begin() {
        synchronized (this) {
            if (begun) {
                return;
            }
            begun = true;
        }
        succeeded();
    }

    boolean hasBegun() {
        return begun;
    }

    /** Ends our half, and closes the socket when the peer has ended its half or its deadline has passed. */
    void closeWhenDrained(Scheduler scheduler) {
        if (!halfClosed.enter()) {
            // The end of output comes first: without it an HTTP/2 stream is reset, and our close frame would be lost.
            socket.shutdownOutput();
            socket.close();
            return;
        }
        socket.shutdownOutput();
        boolean closeNow;
        synchronized (this) {
            waiting = true;
            closeNow = ended;
            try {
                deadline = scheduler.schedule(this::end, HalfClosedSockets.MAX_TIME.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RuntimeException | Error e) {
                // Without a thread for the deadline the socket is closed at once, because it must not stay open for
                // ever.
                deadline = () -> true;
                closeNow = true;
            }
        }
        if (closeNow) {
            end();
        } else {
            begin();
        }
    }

    @Override
    public void succeeded() {
        ByteBuffer buffer = BufferUtil.allocate(BUFFER_BYTES);
        try {
            int filled = 1;
            for (int i = 0; filled > 0 && i < MAX_READS_PER_TURN; i++) {
                BufferUtil.clear(buffer);
                filled = socket.fill(buffer);
                discardedBytes += Math.max(0, filled);
            }
            if (filled < 0 || discardedBytes > HalfClosedSockets.MAX_BYTES || !socket.tryFillInterested(this)) {
                end();
            }
        } catch (IOException e) {
            end();
        }
    }

    @Override
    public void failed(Throwable cause) {
        end();
    }

    /** Notes the end of input, and closes the socket if our half has ended too. */
    @SuppressWarnings("NullAway") // a waiting drainer has a deadline
    void end() {
        Scheduler.Task task;
        synchronized (this) {
            ended = true;
            if (!waiting) {
                return;
            }
            waiting = false;
            task = deadline;
        }
        task.cancel();
        halfClosed.leave();
        socket.close();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
