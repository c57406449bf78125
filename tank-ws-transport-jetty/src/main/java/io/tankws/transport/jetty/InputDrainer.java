package io.tankws.transport.jetty;

import io.tankws.spi.support.HalfClosedSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The only reader of a socket whose peer has sent its close frame or broken the protocol. It discards what comes, as RFC
 * 6455 section 5.5.1 demands. After our close frame it closes the socket as soon as the peer has ended its half: closed
 * with bytes unread, the kernel would reset the connection, and the peer might lose what it has not read.
 */
final class InputDrainer implements Callback {
    private static final int BUFFER_SIZE = 4096;
    private static final int READS_PER_TURN = 16;

    private final EndPoint socket;
    private final HalfClosedSockets halfClosed;
    /** Used by one thread at a time. */
    private long discarded;

    /** Read for each read of an open connection. */
    private volatile boolean begun;

    private boolean ended;
    private boolean waiting;
    private Scheduler.Task deadline;

    InputDrainer(EndPoint socket, HalfClosedSockets halfClosed) {
        this.socket = socket;
        this.halfClosed = halfClosed;
    }

    /** Begins to read, once. Nothing else may read the socket from now on. */
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

    /** Ends our half, and closes the socket when the peer has ended its own or its time is up. */
    void closeWhenDrained(Scheduler scheduler) {
        if (!halfClosed.enter()) {
            // An HTTP/2 stream that is closed without its end is reset, and our close frame would be lost.
            socket.shutdownOutput();
            socket.close();
            return;
        }
        socket.shutdownOutput();
        boolean over;
        synchronized (this) {
            waiting = true;
            over = ended;
            try {
                deadline = scheduler.schedule(this::end, HalfClosedSockets.MAX_TIME.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RuntimeException | Error e) {
                // Without a thread for the deadline the socket is closed at once: it must not stay open for ever.
                deadline = () -> true;
                over = true;
            }
        }
        if (over) {
            end();
        } else {
            begin();
        }
    }

    @Override
    public void succeeded() {
        ByteBuffer buffer = BufferUtil.allocate(BUFFER_SIZE);
        try {
            int filled = 1;
            for (int i = 0; filled > 0 && i < READS_PER_TURN; i++) {
                BufferUtil.clear(buffer);
                filled = socket.fill(buffer);
                discarded += Math.max(0, filled);
            }
            if (filled < 0 || discarded > HalfClosedSockets.MAX_BYTES || !socket.tryFillInterested(this)) {
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

    /** Called for the end of input; closes the socket if our half has ended too. */
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
