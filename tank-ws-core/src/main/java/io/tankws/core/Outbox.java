package io.tankws.core;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Limits;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.spi.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for one client, within bounds.
 *
 * <p>Putting in and taking out are two steps. {@link #offer} only queues a reference, so a publisher may call it for
 * thousands of clients under a topic's lock. {@link #flush} takes all that is queued and hands it to the connection as
 * one write; whoever calls it while a write is in flight does nothing, because the end of that write flushes again. So
 * there is one write in flight at most, and what queued up meanwhile leaves as one.
 */
final class Outbox implements Connection.WriteCallback {
    /** Most bytes of one write, unless a single message is larger: a slow peer must be able to finish one in time. */
    static final int MAX_WRITE_BYTES = 64 * 1024;

    /** A queue that grew beyond this is not kept for an idle client. */
    private static final int KEPT_CAPACITY = 64;

    private final ClientSession session;
    private final Connection connection;
    private final Limits limits;
    private final OverflowPolicy policy;
    private final Counters counters;

    private ArrayDeque<Message> queue;
    private int mostQueued;
    private int queuedBytes;
    private int writingMessages;
    private int writingBytes;
    private boolean writing;
    private long writingSince;
    /** Whether a thread is inside {@code connection.write}: a write that ends there must not recurse. */
    private boolean handingOver;

    private final ControlFrames control = new ControlFrames();

    /** Why to close once all has left; {@code null} while open. */
    private CloseStatus closing;

    private long closingSince;
    private boolean closeSent;
    /** Since when the peer waits for the answer to its close frame, if it does. */
    private long peerClosedSince;

    private boolean peerClosed;
    private boolean overflowed;
    private boolean overflowReported;
    private boolean closed;

    Outbox(ClientSession session, Connection connection, Settings settings, Counters counters) {
        this.session = session;
        this.connection = connection;
        this.limits = settings.limits();
        this.policy = settings.overflowPolicy();
        this.counters = counters;
    }

    /** Queues a message, or tells {@code false} and counts it. Never calls out, so it is safe under any lock. */
    boolean offer(Message message) {
        counters.offered.increment();
        synchronized (this) {
            if (closing != null || closed) {
                counters.undelivered.increment();
                return false;
            }
            int bytes = message.frame().length();
            if (!fits(bytes) && !makeRoom(bytes)) {
                counters.dropped.increment();
                return false;
            }
            if (queue == null) {
                queue = new ArrayDeque<>(4);
            }
            queue.add(message);
            mostQueued = Math.max(mostQueued, queue.size());
            queuedBytes += bytes;
            return true;
        }
    }

    /** An empty outbox takes any one message, however large: its receiver is not slow. */
    private boolean fits(int bytes) {
        int messages = writingMessages + queued();
        return messages == 0
                || messages < limits.outboxMessages()
                        && bytes <= limits.outboxBytes() - (long) writingBytes - queuedBytes;
    }

    private boolean makeRoom(int bytes) {
        overflowed = true;
        switch (policy) {
            case DROP_OLDEST -> {
                while (queued() > 0 && !fits(bytes)) {
                    queuedBytes -= queue.poll().frame().length();
                    counters.dropped.increment();
                }
                return fits(bytes);
            }
            case DISCONNECT -> {
                counters.dropped.add(queued());
                clear();
                beginClose(new CloseStatus(1013, "reads too slowly"));
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    /** Writes what is queued, unless a write is in flight; then that one's end does. */
    void flush() {
        while (true) {
            List<Frame> batch;
            CloseStatus status = null;
            boolean report;
            synchronized (this) {
                report = overflowed && !overflowReported;
                overflowReported |= report;
                batch = writing || closed ? List.of() : take();
                if (!batch.isEmpty()) {
                    writing = true;
                    writingSince = System.nanoTime();
                    handingOver = true;
                } else if (!writing && !closed && closing != null && !closeSent) {
                    closeSent = true;
                    status = closing;
                }
            }
            if (report) {
                session.onOverflow(policy);
            }
            if (status != null) {
                connection.close(status);
            }
            if (batch.isEmpty()) {
                return;
            }
            write(batch);
            synchronized (this) {
                handingOver = false;
                if (writing) {
                    return;
                }
            }
        }
    }

    private void write(List<Frame> batch) {
        try {
            connection.write(batch, this);
        } catch (RuntimeException e) {
            onWritten(e);
        }
    }

    /** Takes the next write: control frames first, then messages up to the bound. */
    private List<Frame> take() {
        int messages = queued();
        if (messages == 0 && control.isEmpty()) {
            return List.of();
        }
        List<Frame> batch = new ArrayList<>(Math.min(messages, KEPT_CAPACITY) + 2);
        control.moveTo(batch);
        while (queued() > 0
                && (writingMessages == 0 || writingBytes + queue.peek().frame().length() <= MAX_WRITE_BYTES)) {
            Frame frame = queue.poll().frame();
            batch.add(frame);
            writingMessages++;
            writingBytes += frame.length();
        }
        queuedBytes -= writingBytes;
        if (queued() == 0 && mostQueued > KEPT_CAPACITY) {
            queue = null;
            mostQueued = 0;
        }
        return batch;
    }

    @Override
    public void onWritten(Throwable failure) {
        boolean goOn;
        synchronized (this) {
            if (!writing) {
                return;
            }
            (failure == null ? counters.sent : counters.undelivered).add(writingMessages);
            writing = false;
            writingMessages = 0;
            writingBytes = 0;
            if (failure != null) {
                giveUp();
            } else if (queued() == 0 && closing == null) {
                overflowed = false;
                overflowReported = false;
            }
            goOn = !handingOver && !closed;
        }
        if (failure != null) {
            session.onWriteFailed(failure);
        } else if (goOn) {
            flush();
        }
    }

    /**
     * After a failed write the connection is closing, perhaps with a close frame that tells the peer what it did wrong:
     * so it is left to end by itself, and cut off only if it does not.
     */
    private void giveUp() {
        counters.undelivered.add(queued());
        clear();
        closeSent = true;
        if (closing == null) {
            beginClose(CloseStatus.ABNORMAL);
        }
    }

    /** Answers a ping at the next flush. */
    synchronized void pong(Frame frame) {
        if (closing == null && !closed) {
            control.pong(frame);
        }
    }

    /** Sends a ping at the next flush, unless a write is in flight: that one shows whether the peer lives. */
    synchronized boolean ping() {
        boolean idle = !writing && closing == null;
        if (idle) {
            control.ping();
        }
        return idle;
    }

    /** Closes once all that is queued has left; tells whether this call began it. A flush must follow. */
    synchronized boolean close(CloseStatus status) {
        if (closing != null || closed) {
            return false;
        }
        beginClose(status);
        return true;
    }

    private void beginClose(CloseStatus status) {
        closing = status;
        closingSince = System.nanoTime();
    }

    /** The peer wants to close; it does not wait longer than for a close of ours. */
    synchronized void peerClosed() {
        peerClosed = true;
        peerClosedSince = System.nanoTime();
    }

    /** The connection is gone. */
    synchronized void closed() {
        closed = true;
        counters.undelivered.add(queued());
        clear();
    }

    synchronized boolean isOpen() {
        return closing == null && !closed;
    }

    synchronized boolean writeOverdue(long now) {
        return writing && now - writingSince > limits.writeTimeout().toNanos();
    }

    synchronized boolean closeOverdue(long now) {
        long timeout = limits.closeTimeout().toNanos();
        return closing != null && now - closingSince > timeout || peerClosed && now - peerClosedSince > timeout;
    }

    private void clear() {
        queue = null;
        queuedBytes = 0;
        mostQueued = 0;
        control.clear();
    }

    private int queued() {
        return queue == null ? 0 : queue.size();
    }
}
