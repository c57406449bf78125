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
final class Outbox extends Backlog implements Connection.WriteCallback {
    private static final CloseStatus TOO_SLOW = new CloseStatus(1013, "reads too slowly");

    final ClientSession session;
    private final Connection connection;

    private boolean writing;
    /** Whether a thread is inside {@code connection.write}: a write that ends there must not recurse. */
    private boolean handingOver;
    /** Since when a write goes on that did not end at once. */
    private long writingSince;

    /** Why to close once all has left; {@code null} while open. */
    private CloseStatus closing;

    private long closingSince;
    private boolean closeSent;
    /** Since when the peer waits for the answer to its close frame, if it does. */
    private long peerClosedSince;

    private boolean peerClosed;
    private boolean closed;

    Outbox(ClientSession session, Connection connection, Limits limits, OverflowPolicy policy, Counters counters) {
        super(limits, policy, counters);
        this.session = session;
        this.connection = connection;
    }

    /** Queues a message, or tells {@code false} and counts it. */
    boolean offer(Message message) {
        counters.offered.increment();
        long now = System.nanoTime();
        synchronized (this) {
            return accept(message, now);
        }
    }

    /**
     * Queues messages for one of many clients, or counts them as lost; that they were offered is for the caller to
     * count. Flushes in between where the whole would be too much; with one message it never calls out, so it is safe
     * under any lock.
     *
     * @param now read once for all
     * @return whether so much waits that a flush cannot
     */
    boolean enqueue(Burst burst, long now) {
        int next;
        boolean urgent;
        synchronized (this) {
            if (!writing && isOpen() && offerOnly(burst, now)) {
                return false;
            }
            next = addFrom(burst, 0, now);
            urgent = isUrgent();
        }
        while (next < burst.size()) {
            flush();
            synchronized (this) {
                next = addFrom(burst, next, now);
                urgent = isUrgent();
            }
        }
        return urgent;
    }

    /** Adds at least one, and tells which comes next. */
    private int addFrom(Burst burst, int first, long now) {
        int next = first;
        do {
            accept(burst.messages.get(next++), now);
        } while (!isUrgent() && next < burst.size());
        return next;
    }

    private boolean isUrgent() {
        return !writing && isFilling();
    }

    private boolean accept(Message message, long now) {
        if (closing != null || closed) {
            counters.undelivered.increment();
            return false;
        }
        boolean queued = offer(message, now);
        closeIfTooSlow();
        return queued;
    }

    private void closeIfTooSlow() {
        if (isDisconnect() && closing == null) {
            beginClose(TOO_SLOW);
        }
    }

    /**
     * Begins a write of messages, or queues them where they cannot leave alone; {@link #proceed} must follow. With one
     * message it never calls out, as {@link #enqueue}.
     *
     * @return whether the next write is these messages
     */
    boolean prepare(Burst burst, long now) {
        synchronized (this) {
            if (!writing && isOpen() && takeAlone(burst)) {
                beginWrite();
                return true;
            }
        }
        enqueue(burst, now);
        return false;
    }

    /** Writes what was prepared. */
    void proceed(Burst burst, boolean alone) {
        if (alone) {
            writeAll(burst.frames);
        } else {
            flush();
        }
    }

    /** Writes what is queued, unless a write is in flight; then that one's end does. */
    void flush() {
        writeAll(next(false, false));
    }

    private void writeAll(List<Frame> first) {
        List<Frame> batch = first;
        while (!batch.isEmpty()) {
            batch = next(true, write(batch));
        }
    }

    /**
     * Takes what is to be written next, nothing while a write is in flight.
     *
     * @param handedOver whether this thread comes from a write
     * @param taken whether that has ended
     */
    private List<Frame> next(boolean handedOver, boolean taken) {
        List<Frame> batch;
        CloseStatus status = null;
        String report;
        synchronized (this) {
            if (handedOver) {
                handingOver = false;
                if (taken) {
                    writing = false;
                    written(true);
                } else if (writing) {
                    writingSince = System.nanoTime();
                    return List.of();
                }
            }
            report = takeReport();
            batch = writing || closed ? List.of() : take();
            if (!batch.isEmpty()) {
                beginWrite();
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
        return batch;
    }

    private void beginWrite() {
        writing = true;
        handingOver = true;
    }

    private boolean write(List<Frame> batch) {
        try {
            return connection.write(batch, this);
        } catch (RuntimeException e) {
            onWritten(e);
            return false;
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
            written(failure == null);
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
        abandon();
        closeSent = true;
        if (closing == null) {
            beginClose(CloseStatus.ABNORMAL);
        }
    }

    /** Answers a ping at the next flush. */
    synchronized void pong(Frame frame) {
        if (closing == null && !closed) {
            addPong(frame);
        }
    }

    /** Sends a ping at the next flush, unless a write is in flight: that one shows whether the peer lives. */
    synchronized boolean ping() {
        boolean idle = !writing && closing == null;
        if (idle) {
            addPing();
        }
        return idle;
    }

    /** Acts on what has waited too long; then a flush must follow. */
    synchronized boolean check(long now) {
        boolean acted = closing == null && !closed && checkAge(now);
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
            abandon();
            report = takeReport();
        }
        if (report != null) {
            session.onOverflow(report);
        }
    }

    synchronized boolean isOpen() {
        return closing == null && !closed;
    }

    synchronized boolean writeOverdue(long now) {
        return writing
                && !handingOver
                && now - writingSince > limits.writeTimeout().toNanos();
    }

    synchronized boolean closeOverdue(long now) {
        long timeout = limits.closeTimeout().toNanos();
        return closing != null && now - closingSince > timeout || peerClosed && now - peerClosedSince > timeout;
    }
}
