package io.tankws.core;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Limits;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.spi.Connection;
import java.util.List;

/**
 * What leaves for one client, one write at a time.
 *
 * <p>Putting in and taking out are two steps. {@link #offer} only queues a reference, so a publisher may call it for
 * thousands of clients under a topic's lock. {@link #flush} takes all that is queued and hands it to the connection as
 * one write; whoever calls it while a write is in flight does nothing, because the end of that write flushes again. So
 * there is one write in flight at most, and what queued up meanwhile leaves as one.
 */
final class Outbox implements Connection.WriteCallback {
    private static final CloseStatus TOO_SLOW = new CloseStatus(1013, "reads too slowly");

    private final ClientSession session;
    private final Connection connection;
    private final Limits limits;
    private final Counters counters;
    private final Backlog backlog;

    private boolean writing;
    private long writingSince;
    /** Whether a thread is inside {@code connection.write}: a write that ends there must not recurse. */
    private boolean handingOver;

    /** Why to close once all has left; {@code null} while open. */
    private CloseStatus closing;

    private long closingSince;
    private boolean closeSent;
    /** Since when the peer waits for the answer to its close frame, if it does. */
    private long peerClosedSince;

    private boolean peerClosed;
    private boolean closed;

    Outbox(ClientSession session, Connection connection, Limits limits, OverflowPolicy policy, Counters counters) {
        this.session = session;
        this.connection = connection;
        this.limits = limits;
        this.counters = counters;
        backlog = new Backlog(limits, policy, counters);
    }

    /** Queues a message, or tells {@code false} and counts it. */
    boolean offer(Message message) {
        counters.offered.increment();
        long now = System.nanoTime();
        synchronized (this) {
            return add(message, now);
        }
    }

    /**
     * Queues a message for one of many clients, or counts it as lost; that it was offered is for the caller to count.
     * Never calls out, so it is safe under any lock.
     *
     * @param now read once for all
     * @return whether so much waits that a flush cannot
     */
    synchronized boolean enqueue(Message message, long now) {
        add(message, now);
        return isUrgent();
    }

    /** Queues several, and flushes where that cannot wait. */
    void enqueue(List<Message> messages, long now) {
        int next = 0;
        boolean urgent;
        do {
            synchronized (this) {
                do {
                    add(messages.get(next++), now);
                    urgent = isUrgent();
                } while (!urgent && next < messages.size());
            }
            if (urgent) {
                flush();
            }
        } while (next < messages.size());
    }

    private boolean isUrgent() {
        return !writing && backlog.isFilling();
    }

    private boolean add(Message message, long now) {
        if (closing != null || closed) {
            counters.undelivered.increment();
            return false;
        }
        boolean queued = backlog.offer(message, now);
        closeIfTooSlow();
        return queued;
    }

    private void closeIfTooSlow() {
        if (backlog.overflow().isDisconnect() && closing == null) {
            beginClose(TOO_SLOW);
        }
    }

    /** Writes what is queued, unless a write is in flight; then that one's end does. */
    void flush() {
        boolean handedOver = false;
        while (true) {
            List<Frame> batch;
            CloseStatus status = null;
            String report;
            synchronized (this) {
                if (handedOver) {
                    handingOver = false;
                    if (writing) {
                        return;
                    }
                }
                report = backlog.overflow().report();
                batch = writing || closed ? List.of() : backlog.take();
                if (!batch.isEmpty()) {
                    writing = true;
                    writingSince = System.nanoTime();
                    handingOver = true;
                } else if (!writing && !closed && closing != null && !closeSent) {
                    closeSent = true;
                    status = closing;
                }
            }
            if (report != null) {
                session.onOverflow(report);
            }
            if (status != null) {
                connection.close(status);
            }
            if (batch.isEmpty()) {
                return;
            }
            write(batch);
            handedOver = true;
        }
    }

    private void write(List<Frame> batch) {
        try {
            connection.write(batch, this);
        } catch (RuntimeException e) {
            onWritten(e);
        }
    }

    @Override
    public void onWritten(Throwable failure) {
        boolean goOn;
        synchronized (this) {
            if (!writing) {
                return;
            }
            writing = false;
            backlog.written(failure == null);
            if (failure != null) {
                giveUp();
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
        backlog.abandon();
        closeSent = true;
        if (closing == null) {
            beginClose(CloseStatus.ABNORMAL);
        }
    }

    /** Answers a ping at the next flush. */
    synchronized void pong(Frame frame) {
        if (closing == null && !closed) {
            backlog.control.pong(frame);
        }
    }

    /** Sends a ping at the next flush, unless a write is in flight: that one shows whether the peer lives. */
    synchronized boolean ping() {
        boolean idle = !writing && closing == null;
        if (idle) {
            backlog.control.ping();
        }
        return idle;
    }

    /** Acts on what has waited too long; then a flush must follow. */
    synchronized boolean check(long now) {
        boolean acted = closing == null && !closed && backlog.check(now);
        closeIfTooSlow();
        return acted;
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
    void closed() {
        String report;
        synchronized (this) {
            closed = true;
            backlog.abandon();
            report = backlog.overflow().report();
        }
        if (report != null) {
            session.onOverflow(report);
        }
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
}
