package io.tankws.transport.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes a socket whose peer may be sending still: reads and drops, for a second at most, until the peer has closed.
 * Closed with bytes unread, the kernel would reset the connection, and the peer might never see our close frame.
 */
final class Linger implements Callback {
    private static final int BUFFER_SIZE = 4096;
    private static final int READS_PER_TURN = 16;
    private static final long MAX_MILLIS = 1000;

    private final EndPoint socket;
    private final Scheduler.Task deadline;

    Linger(EndPoint socket, Scheduler scheduler) {
        this.socket = socket;
        this.deadline = deadline(socket, scheduler);
    }

    /** Without a thread for the deadline the socket is closed at once: it must not stay open for ever. */
    private static Scheduler.Task deadline(EndPoint socket, Scheduler scheduler) {
        try {
            return scheduler.schedule(socket::close, MAX_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException | Error e) {
            socket.close();
            return () -> true;
        }
    }

    @Override
    public void succeeded() {
        ByteBuffer buffer = BufferUtil.allocate(BUFFER_SIZE);
        try {
            int filled = socket.fill(buffer);
            for (int i = 1; filled > 0 && i < READS_PER_TURN; i++) {
                BufferUtil.clear(buffer);
                filled = socket.fill(buffer);
            }
            if (filled < 0 || !socket.tryFillInterested(this)) {
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

    private void end() {
        deadline.cancel();
        socket.close();
    }
}
