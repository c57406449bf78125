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
 * The outbound side of one connection. It has at most one write in flight.
 *
 * <p>Queueing and writing are separate steps. Queueing calls no other code, so a publisher may do it under the lock
 * of a topic. {@link #flush} passes all queued messages to the connection as one write. While a write is in flight,
 * it does nothing, because the end of that write flushes again. Messages that are queued during a write therefore
 * leave as one write.
 *
 * <p>This file is longer than 400 lines because all of it is one state machine under one lock.
 */
public final class Outbox extends Backlog implements Connection.WriteCallback {
    private static final CloseStatus TOO_SLOW = CloseStatus.TRY_AGAIN_LATER.withReason("reads too slowly");

    private final long number;
    private final OutboxListener listener;
    private final FlowControl flow;
    private final Connection connection;

    /** True if senders have waited long enough for this outbox. It holds no sender until it has drained. */
    private static final int EXEMPT = 3;

    /** Part of the write timeout for which a write may stall before it holds no sender any more. */
    private static final int STALLS = 10;

    private boolean writing;
    /** True while a thread is inside {@code connection.write}. A write that ends there must not recurse. */
    private boolean inWriteCall;
    /** Start of a write that did not end at once, or time of its last progress by an efficient write. */
    private long writingSince;
    /** Bytes that had left at that time. */
    private long drainedBefore;

    /** Close handshake, or {@code null} before one begins. */
    private ClosingHandshake closing;

    private boolean closed;

    /** Fill state that the {@link FlowControl} knows, or {@link #EXEMPT}. */
    private int fill;
    /** Time since which this outbox has been filled. */
    private long filledSince;

    /**
     * Creates an empty outbox.
     *
     * @param number number of the session
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

    /** Returns the number of messages that wait or are in flight. A closed outbox has left them to the counters. */
    public synchronized int queuedMessages() {
        return closed ? 0 : messages();
    }

    /** Queues a message. Returns {@code false} if it was dropped, and counts it. */
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
     * Queues messages for one of many clients, or counts them as dropped. The caller counts them as offered. Calls no
     * other code, so it is safe under any lock.
     *
     * @param burst one part of a batch
     * @param now running time, read once for all clients
     * @return true if the queue fills up although no write is in flight, so that a flush must follow soon
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
        return shouldFlush();
    }

    /** Slows down senders if this outbox fills up while a write is in flight. */
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

    /** Releases senders if this outbox has drained. Returns whether the flow control must be woken. */
    private boolean noteDrained() {
        if (fill == DRAINED || fill == EXEMPT || isOpen() && !isDrained()) {
            return false;
        }
        fill = DRAINED;
        return flow.drained(number);
    }

    /** Counts a completed write. Dropped messages do not show that the client reads again. */
    private void noteWritten(boolean sent) {
        if (closed) {
            counters.inLastWrites.add(-writingMessages());
        }
        written(sent);
        if (fill == EXEMPT && isDrained()) {
            fill = DRAINED;
        }
    }

    /** Releases senders that have waited long enough, or whose reader may be disconnected. */
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
     * Starts a write of the messages, or queues them if they cannot be the whole write. {@link #continueWrite} must
     * follow. Calls no other code, like {@link #enqueue}.
     *
     * @return whether the next write is these messages
     */
    public boolean tryStartWrite(MessageBatch burst, long now) {
        synchronized (this) {
            if (!writing && isOpen() && tryWriteBatch(burst)) {
                beginWrite();
                return true;
            }
        }
        enqueue(burst, now);
        return false;
    }

    /** Writes the prepared messages. */
    public void continueWrite(MessageBatch burst, boolean alone) {
        if (alone) {
            writeAll(burst.frames);
        } else {
            flush();
        }
    }

    /** Writes the queued messages, unless a write is in flight. The end of that write flushes then. */
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
     * Takes the next write, or nothing while a write is in flight.
     *
     * @param handedOver true if this thread has just written
     * @param taken true if that write has ended
     */
    private List<Frame> next(boolean handedOver, boolean taken) {
        List<Frame> batch;
        CloseStatus status = null;
        String report;
        boolean drained;
        synchronized (this) {
            if (handedOver) {
                inWriteCall = false;
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

    /**
     * Aborts on failure and does not throw, because other clients must be written to. The deadline aborts a
     * connection that stays open.
     */
    private void closeConnection(CloseStatus status) {
        try {
            connection.close(status);
        } catch (RuntimeException | Error e) {
            listener.onWriteFailed(e);
        }
    }

    private void beginWrite() {
        writing = true;
        inWriteCall = true;
    }

    private boolean write(List<Frame> batch) {
        assert isCallAllowed();
        try {
            return connection.write(batch, this);
        } catch (RuntimeException | Error e) {
            // An error of one connection must not end the walk to all clients.
            onWritten(e);
            return false;
        }
    }

    /** Calls the connection without a lock, because it may call back at once. */
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
                abandonAfterFailure();
            }
            goOn = !inWriteCall && !closed;
        }
        if (failure != null) {
            listener.onWriteFailed(failure);
        } else if (goOn) {
            flush();
        }
    }

    /**
     * Handles a failed write. The connection is closing, perhaps with a close frame that reports a violation to the
     * peer. It may end on its own, and its deadline disconnects it otherwise.
     */
    private void abandonAfterFailure() {
        abandon();
        if (!isClosing()) {
            beginClose(CloseStatus.ABNORMAL);
        }
        closing.sent();
    }

    /** Queues a pong for the next flush. */
    public synchronized void pong(Frame frame) {
        if (isOpen()) {
            addPong(frame);
        }
    }

    /** Queues a ping for the next flush, unless a write is in flight, which shows whether the peer is alive. */
    public synchronized boolean ping() {
        if (writing || isClosing()) {
            return false;
        }
        addPing();
        return true;
    }

    /** Handles overdue messages. A flush must follow. */
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

    /** Requests the close after all queued messages. Returns whether this call began it. A flush must follow. */
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

    /** Handles the end of the connection. Waiting messages count as undelivered, and nothing is written any more. */
    public void closed() {
        String report;
        boolean drained;
        synchronized (this) {
            if (!closed) {
                closed = true;
                counters.inLastWrites.add(writingMessages());
            }
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
     * Records the progress of a write that the socket did not take at once. After the bytes of an efficient write,
     * its time starts again, and so does that of a close that waits for it. A large message may take long, but a slow
     * peer may not.
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

    /** Returns the bytes of all large messages that have left. Each precedes the ping that follows it. */
    public synchronized long largeBytes() {
        return largeBytes;
    }

    /** Returns whether a write is in flight that the socket did not take at once. */
    public synchronized boolean isBlocked() {
        return writing && !inWriteCall;
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
