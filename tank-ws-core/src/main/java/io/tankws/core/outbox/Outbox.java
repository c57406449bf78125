package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.flow.FlowControl;
import io.tankws.spi.Connection;
import io.tankws.spi.support.RunningTime;
import java.util.List;

/**
 * What leaves for one client, one write at a time.
 *
 * <p>Putting in and taking out are two steps. The first calls nothing, so a publisher may take it under a topic's
 * lock. {@link #flush} hands all that is queued to the connection as one write; while one is in flight it does
 * nothing, because the end of that one flushes again. So what queued up meanwhile leaves as one.
 */
public final class Outbox extends Backlog implements Connection.WriteCallback {
    private static final CloseStatus TOO_SLOW = CloseStatus.TRY_AGAIN_LATER.withReason("reads too slowly");

    private final long number;
    private final OutboxListener listener;
    private final FlowControl flow;
    private final Connection connection;

    /** Senders have waited for it long enough: it holds no sender until it has drained. */
    private static final int EXEMPT = 3;

    /** Which part of the time that ends the connection a write may stand still before it holds no sender any more. */
    private static final int STALLS = 10;

    private boolean writing;
    /** Whether a thread is inside {@code connection.write}: a write that ends there must not recurse. */
    private boolean handingOver;
    /** Since when a write goes on that did not end at once, or since a good write's worth of it has left. */
    private long writingSince;
    /** How much had left by then. */
    private long drainedBefore;

    /** {@code null} while nobody wants the end. */
    private ClosingHandshake closing;

    private boolean closed;

    /** How filled the {@link FlowControl} knows it to be, or {@link #EXEMPT}. */
    private int fill;
    /** Since when it is filled. */
    private long filledSince;

    /**
     * Creates an empty outbox.
     *
     * @param number the session's number
     */
    public Outbox(
            long number, OutboxListener listener, Connection connection, ClientLimits limits, OutboxContext context) {
        super(limits, context.policy(), context.counters());
        this.number = number;
        this.listener = listener;
        this.connection = connection;
        flow = context.flow();
    }

    /** Returns the number of the session. */
    public long number() {
        return number;
    }

    /** Queues a message, or tells {@code false} and counts it. */
    public synchronized boolean offer(Message message) {
        counters.offered.increment();
        long now = RunningTime.nanoTime();
        boolean queued = accept(message, now);
        if (writing) {
            noteFill(now);
        }
        return queued;
    }

    /**
     * Queues messages for one of many clients, or counts them as lost; the caller counts them as offered. Calls
     * nothing, so it is safe under any lock.
     *
     * @param burst one part of a burst
     * @param now read once for all
     * @return whether the queue is filling up although no write is in flight, so that a flush must follow soon
     */
    public synchronized boolean enqueue(MessageBatch burst, long now) {
        if (writing || !isOpen()) {
            for (Message message : burst.messages) {
                accept(message, now);
            }
            noteFill(now);
            return false;
        }
        addAll(burst, now);
        return isFilling();
    }

    /** Has senders slow down if this outbox fills up while a write is in flight; else it is not slow. */
    private void noteFill(long now) {
        int current = fill();
        if (current > fill && isOpen()) {
            filledSince = fill == DRAINED ? now : filledSince;
            fill = current;
            flow.filled(number, current == CRITICAL);
        }
        if (fill == FILLED || fill == CRITICAL) {
            FilledOutboxes.reached(number);
        }
    }

    /** Lets senders go on once this outbox has drained, and returns whether the flow control must be woken. */
    private boolean noteDrained() {
        if (fill == DRAINED || fill == EXEMPT || isOpen() && !isDrained()) {
            return false;
        }
        fill = DRAINED;
        return flow.drained(number);
    }

    /** Counts a write that has ended. Messages that are dropped do not show that the client reads again. */
    private void noteWritten(boolean sent) {
        written(sent);
        if (fill == EXEMPT && isDrained()) {
            fill = DRAINED;
        }
    }

    /** Lets senders go on that have waited for this outbox long enough, or whose reader may be gone. */
    private boolean noteFilledTooLong(long now) {
        boolean isLong = now - filledSince > limits.outboxAge().toNanos();
        if (fill == DRAINED || fill == EXEMPT || !isLong && !isStalled(now)) {
            return false;
        }
        fill = EXEMPT;
        return flow.drained(number);
    }

    private boolean isStalled(long now) {
        return isBlocked() && now - writingSince > limits.writeTimeout().toNanos() / STALLS;
    }

    private boolean accept(Message message, long now) {
        if (!isOpen()) {
            counters.undelivered.increment();
            return false;
        }
        boolean queued = offer(message, now, writing);
        closeIfTooSlow();
        return queued;
    }

    private void closeIfTooSlow() {
        if (isDisconnect() && !isClosing()) {
            beginClose(TOO_SLOW);
        }
    }

    /**
     * Begins a write of messages, or queues them where they cannot leave alone; {@link #proceed} must follow. Calls
     * nothing, as {@link #enqueue}.
     *
     * @return whether the next write is these messages
     */
    public boolean prepare(MessageBatch burst, long now) {
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
    public void proceed(MessageBatch burst, boolean alone) {
        if (alone) {
            writeAll(burst.frames);
        } else {
            flush();
        }
    }

    /** Writes what is queued, unless a write is in flight; then that one's end does. */
    public void flush() {
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
        boolean drained;
        synchronized (this) {
            if (handedOver) {
                handingOver = false;
                if (taken) {
                    writing = false;
                    noteWritten(true);
                } else if (writing) {
                    writingSince = RunningTime.nanoTime();
                    noteFill(writingSince);
                    return List.of();
                }
            }
            report = takeReport();
            batch = writing || closed ? List.of() : take();
            if (!batch.isEmpty()) {
                beginWrite();
            } else if (!writing && !closed && closing != null) {
                status = closing.takeStatus();
            }
            drained = noteDrained();
        }
        if (drained) {
            flow.wake();
        }
        assert isCallAllowed();
        if (report != null) {
            listener.onOverflow(report);
        }
        if (status != null) {
            closeConnection(status);
        }
        return batch;
    }

    /** Throws nothing, because other clients must be written to. A connection that stays open is aborted at its deadline. */
    private void closeConnection(CloseStatus status) {
        try {
            connection.close(status);
        } catch (RuntimeException | Error e) {
            listener.onWriteFailed(e);
        }
    }

    private void beginWrite() {
        writing = true;
        handingOver = true;
    }

    private boolean write(List<Frame> batch) {
        assert isCallAllowed();
        try {
            return connection.write(batch, this);
        } catch (RuntimeException | Error e) {
            // An error that one connection meets must not end the walk to all others.
            onWritten(e);
            return false;
        }
    }

    /** A connection may call back at once, so it is called under no lock. */
    private boolean isCallAllowed() {
        return RankedLock.noneHeld() && !Thread.holdsLock(this);
    }

    @Override
    public void onWritten(Throwable failure) {
        boolean goOn;
        synchronized (this) {
            if (!writing) {
                return;
            }
            writing = false;
            noteWritten(failure == null);
            if (failure != null) {
                giveUp();
            }
            goOn = !handingOver && !closed;
        }
        if (failure != null) {
            listener.onWriteFailed(failure);
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
        if (!isClosing()) {
            beginClose(CloseStatus.ABNORMAL);
        }
        closing.sent();
    }

    /** Answers a ping at the next flush. */
    public synchronized void pong(Frame frame) {
        if (isOpen()) {
            addPong(frame);
        }
    }

    /** Sends a ping at the next flush, unless a write is in flight: that one shows whether the peer lives. */
    public synchronized boolean ping() {
        if (writing || isClosing()) {
            return false;
        }
        addPing();
        return true;
    }

    /** Acts on what has waited too long; then a flush must follow. */
    public boolean check(long now) {
        boolean acted;
        boolean drained;
        synchronized (this) {
            acted = isOpen() && checkAge(now);
            closeIfTooSlow();
            drained = noteFilledTooLong(now) || noteDrained();
        }
        if (drained) {
            flow.wake();
        }
        return acted;
    }

    /** Closes once all that is queued has left; tells whether this call began it. A flush must follow. */
    public synchronized boolean close(CloseStatus status) {
        boolean first = isOpen();
        if (first) {
            beginClose(status);
        }
        return first;
    }

    private void beginClose(CloseStatus status) {
        closing = closing == null ? new ClosingHandshake() : closing;
        closing.begin(status);
    }

    private boolean isClosing() {
        return closing != null && closing.hasBegun();
    }

    public synchronized void peerClosed() {
        closing = closing == null ? new ClosingHandshake() : closing;
        closing.byPeer();
    }

    /** The connection is gone: what waits is counted as undelivered, and nothing is written any more. */
    public void closed() {
        String report;
        boolean drained;
        synchronized (this) {
            closed = true;
            abandon();
            report = takeReport();
            drained = noteDrained();
        }
        if (drained) {
            flow.wake();
        }
        if (report != null) {
            listener.onOverflow(report);
        }
    }

    public synchronized boolean isOpen() {
        return !isClosing() && !closed;
    }

    /**
     * Notes how much a write that the socket did not take at once has moved. Each time that a good write's worth has
     * left, its time begins again, and so does that of a close which waits for it: a large message may take long, a
     * slow peer may not.
     *
     * @param drained {@link Connection#drainedBytes()}
     */
    public synchronized void progressed(long now, long drained) {
        if (!isBlocked()) {
            drainedBefore = drained;
        } else if (drained - drainedBefore >= MAX_WRITE_BYTES) {
            drainedBefore = drained;
            writingSince = now;
            if (closing != null) {
                closing.progressed(now);
            }
        }
    }

    /** Returns the bytes of all large messages that have left, each of which stands before the ping that follows it. */
    public synchronized long largeBytes() {
        return largeBytes;
    }

    /** Returns whether a write is in flight that the socket did not take at once. */
    public synchronized boolean isBlocked() {
        return writing && !handingOver;
    }

    @Override
    boolean pingsWithData() {
        return listener.isHeartbeating() && isOpen();
    }

    public synchronized boolean writeOverdue(long now) {
        return isBlocked() && now - writingSince > limits.writeTimeout().toNanos();
    }

    public synchronized boolean closeOverdue(long now) {
        return closing != null && closing.isOverdue(now, limits.closeTimeout().toNanos());
    }
}
