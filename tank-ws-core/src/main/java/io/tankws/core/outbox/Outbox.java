package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.spi.Connection;
import io.tankws.spi.support.RunningTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outbound side of one connection. It has at most one write in flight.
 *
 * <p>Queueing and writing are separate steps. Queueing calls no other code, so a publisher may do it under the lock
 * of a topic. {@link #flush} passes all queued messages to the connection as one write. It does nothing while a write
 * is in flight. The end of that write flushes again, as one write.
 *
 * <p>This file is longer than 400 lines because all of it is one state machine under one lock.
 */
public final class Outbox implements Connection.WriteCallback {
    private static final CloseStatus TOO_SLOW = CloseStatus.TRY_AGAIN_LATER.withReason("reads too slowly");

    private final long number;
    private final OutboxListener listener;
    private final Connection connection;
    private ClientLimits limits;
    private final OutboxContext context;
    private final OutboxQueue queue;

    /** Hold on senders, or {@code null} before this outbox is first filled. */
    private @Nullable SenderHold hold;
    /** Progress of blocked writes, or {@code null} before the first. */
    private @Nullable BlockedWrite blocked;
    /** Close handshake, or {@code null} before one begins. */
    private @Nullable ClosingHandshake closing;

    private boolean writing;
    /** True while a thread is inside {@code connection.write}. A write that ends there must not recurse. */
    private boolean inWriteCall;

    private boolean closed;

    /** Creates an empty outbox of the session with a number. */
    public Outbox(
            long number, OutboxListener listener, Connection connection, ClientLimits limits, OutboxContext context) {
        this.number = number;
        this.listener = listener;
        this.connection = connection;
        this.limits = limits;
        this.context = context;
        queue = new OutboxQueue(limits, context);
    }

    /** Replaces the limits, when a client has authenticated. */
    public synchronized void limit(ClientLimits own) {
        limits = own;
        queue.limit(own);
    }

    /** Returns the number of the session. */
    public long number() {
        return number;
    }

    /** Returns the number of messages that wait or are in flight. A closed outbox has left them to the counters. */
    public synchronized int queuedMessages() {
        return closed ? 0 : queue.messages();
    }

    /** Queues a message. Returns {@code false} if it was dropped, and counts it. */
    public synchronized boolean offer(Message message) {
        context.counters().offered.increment();
        long now = RunningTime.nanoTime();
        boolean queued = accept(message, null, now);
        if (writing) {
            noteFill(now);
        }
        return queued;
    }

    /**
     * Queues messages for one of many clients, or counts them as dropped. The caller counts them as offered. Calls no
     * other code, so it is safe under any lock.
     *
     * @param batch batch that {@link MessageBatch#isPart() is one part}
     * @param now running time, read once for all clients
     * @return true if the queue fills up although no write is in flight, so that a flush must follow soon
     */
    public synchronized boolean enqueue(MessageBatch batch, long now) {
        if (queue.isSelective(batch)) {
            acceptSome(batch, 0, now);
            return !writing && isOpen() && queue.shouldFlush();
        }
        if (writing || !isOpen()) {
            acceptWhileLive(batch, now);
            noteFill(now);
            return false;
        }
        queue.addAll(batch, now);
        return queue.shouldFlush();
    }

    /** Returns how many messages fit until {@link ClientLimits#outboxMessages()} is reached. */
    public synchronized int room() {
        return Math.max(0, limits.outboxMessages() - queue.messages());
    }

    /**
     * Queues all messages, or none if they do not fit together within the bounds. Counts them as offered if they are
     * queued. Calls no other code, like {@link #enqueue}.
     */
    public synchronized boolean offerAll(MessageBatch batch) {
        if (!isOpen() || !queue.fits(batch)) {
            return false;
        }
        context.counters().offered.add(batch.size());
        long now = RunningTime.nanoTime();
        acceptAll(batch, now);
        if (writing) {
            noteFill(now);
        }
        return true;
    }

    private void acceptAll(MessageBatch batch, long now) {
        for (int i = 0; i < batch.size(); i++) {
            accept(batch.messages.get(i), queue.position(batch, i), now);
        }
    }

    /** Accepts messages. When one of them overflows and leaves its topic to the history, the next ones follow it. */
    private void acceptWhileLive(MessageBatch batch, long now) {
        for (int i = 0; i < batch.size(); i++) {
            if (i > 0 && queue.isSelective(batch)) {
                acceptSome(batch, i, now);
                return;
            }
            accept(batch.messages.get(i), queue.position(batch, i), now);
        }
    }

    /**
     * Accepts the messages that the client has not read from a history and is not going to read there.
     *
     * @param first index of the first message
     */
    private void acceptSome(MessageBatch batch, int first, long now) {
        for (int i = first; i < batch.size(); i++) {
            if (queue.admits(batch.messages.get(i), batch.position(i))) {
                accept(batch.messages.get(i), queue.position(batch, i), now);
            }
        }
        if (writing) {
            noteFill(now);
        }
    }

    /**
     * Returns the next page of a history that this outbox has room for. After {@code null}, the listener is called
     * again when there is room.
     */
    public synchronized @Nullable HistoryRequest nextPage() {
        CatchUp catchUp = queue.catchUp();
        return catchUp == null || !isOpen() ? null : catchUp.next();
    }

    /**
     * Queues the publications of a page, unless the client has unsubscribed or has lost earlier ones since the
     * request. A flush must follow.
     */
    public synchronized void recover(RecoveredPage page) {
        if (isOpen()) {
            long now = RunningTime.nanoTime();
            queue.addPage(page, now, writing);
            if (writing) {
                noteFill(now);
            }
        }
    }

    /**
     * Ends the catching up on a topic whose history does not have the requested page any more. The client receives
     * nothing more of the topic until its subscription has ended.
     */
    public void abandonRecovery(HistoryRequest request) {
        synchronized (this) {
            CatchUp catchUp = queue.catchUp();
            if (catchUp == null || !catchUp.isCurrent(request)) {
                return;
            }
            catchUp.abandon(request);
        }
        listener.onInsufficientState(request.topic());
    }

    /** Records that a history could not be read. It is read again later. */
    public synchronized void postponeRecovery() {
        CatchUp catchUp = queue.catchUp();
        if (catchUp != null) {
            catchUp.fail(RunningTime.nanoTime());
        }
    }

    /** Records that the client has unsubscribed from a topic. Its waiting messages stay. */
    public synchronized void forget(String topic) {
        queue.forget(topic);
    }

    /** Slows down senders if this outbox fills up while a write is in flight. */
    private void noteFill(long now) {
        if (hold == null && queue.level() > OutboxBounds.DRAINED) {
            hold = new SenderHold(number, queue, limits, context.flow());
        }
        if (hold != null) {
            hold.messageAdded(now, isOpen());
        }
    }

    /** Releases senders if this outbox has drained. Returns whether the flow control must be woken. */
    private boolean noteDrained() {
        return hold != null && hold.releaseIfDrained(isOpen());
    }

    /** Returns the fill level: 0 if senders need not wait, 1 from a quarter of a bound on, 2 from half of it on. */
    public int fill() {
        return queue.level();
    }

    private void noteWritten(boolean sent) {
        if (closed) {
            context.counters().inLastWrites.add(-queue.messagesInFlight());
        }
        // A ping among the data lets a slow peer show activity while it reads. At the end of the data it would follow
        // all bytes that the systems in between have buffered.
        if (queue.written(sent) && listener.isHeartbeating() && isOpen()) {
            queue.addPing();
        }
        if (hold != null) {
            hold.written();
        }
    }

    private boolean accept(Message message, @Nullable TopicPosition position, long now) {
        if (isOpen()) {
            boolean queued = queue.offer(message, position, now, writing);
            closeIfTooSlow();
            return queued;
        }
        context.counters().undelivered.increment();
        return false;
    }

    private void closeIfTooSlow() {
        if (queue.isDisconnect() && !isClosing()) {
            beginClose(listener.tooSlow(TOO_SLOW));
        }
    }

    /**
     * Starts a write of the messages, or queues them if they cannot be the whole write. {@link #continueWrite} must
     * follow. Calls no other code, like {@link #enqueue}.
     *
     * @return whether the next write is these messages
     */
    public boolean tryStartWrite(MessageBatch batch, long now) {
        synchronized (this) {
            if (!writing && isOpen() && !queue.isSelective(batch) && queue.tryTake(batch)) {
                beginWrite();
                return true;
            }
        }
        enqueue(batch, now);
        return false;
    }

    /** Writes the prepared messages. */
    public void continueWrite(MessageBatch batch, boolean alone) {
        writeAll(alone ? batch.frames : next(false, false));
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
        boolean catchUp;
        synchronized (this) {
            if (handedOver) {
                inWriteCall = false;
                if (taken) {
                    writing = false;
                    noteWritten(true);
                } else if (writing) {
                    long now = RunningTime.nanoTime();
                    blocked().begin(now);
                    noteFill(now);
                    return List.of();
                }
            }
            report = queue.takeReport();
            batch = writing || closed ? List.of() : queue.take();
            if (!batch.isEmpty()) {
                beginWrite();
            } else if (!writing && !closed && closing != null) {
                status = closing.takeStatus();
            }
            drained = noteDrained();
            catchUp = isOpen() && queue.beginCatchUp();
        }
        callOut(drained, report, status);
        if (catchUp) {
            listener.onCatchUp();
        }
        return batch;
    }

    /**
     * Makes the calls that a locked section has left to its caller. A failed close is reported and not thrown, because
     * other clients must be written to. The deadline aborts a connection that stays open.
     */
    private void callOut(boolean drained, @Nullable String report, @Nullable CloseStatus status) {
        assert isCallAllowed();
        if (drained) {
            context.flow().wake();
        }
        if (report != null) {
            listener.onOverflow(report);
        }
        try {
            if (status != null) {
                connection.close(status);
            }
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
    public void onWritten(@Nullable Throwable failure) {
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
        queue.abandon();
        if (!isClosing()) {
            beginClose(CloseStatus.ABNORMAL);
        }
        closing().sent();
    }

    /** Queues a pong for the next flush. */
    public synchronized void pong(Frame frame) {
        if (isOpen()) {
            queue.addPong(frame);
        }
    }

    /** Queues a ping for the next flush, unless a write is in flight, which shows whether the peer is alive. */
    public synchronized boolean ping() {
        if (writing || isClosing()) {
            return false;
        }
        queue.addPing();
        return true;
    }

    /** Handles overdue messages. A flush must follow. */
    public boolean check(long now) {
        boolean acted;
        boolean drained;
        synchronized (this) {
            acted = isOpen() && (queue.checkAge(now) || queue.retryCatchUp(now));
            closeIfTooSlow();
            boolean isStalled = isBlocked() && blocked().isStalled(now);
            drained = hold != null && hold.releaseIfLong(now, isStalled) || noteDrained();
        }
        callOut(drained, null, null);
        return acted;
    }

    /** Requests the close after all queued messages. Returns whether this call began it. A flush must follow. */
    public synchronized boolean close(CloseStatus status) {
        if (!isOpen()) {
            return false;
        }
        beginClose(status);
        return true;
    }

    private void beginClose(CloseStatus status) {
        closing().begin(status);
    }

    private ClosingHandshake closing() {
        closing = closing == null ? new ClosingHandshake() : closing;
        return closing;
    }

    private boolean isClosing() {
        return closing != null && closing.hasBegun();
    }

    public synchronized void peerClosed() {
        closing().byPeer();
    }

    /** Handles the end of the connection. Waiting messages count as undelivered, and nothing is written any more. */
    public void closed() {
        String report;
        boolean drained;
        synchronized (this) {
            if (!closed) {
                closed = true;
                context.counters().inLastWrites.add(queue.messagesInFlight());
            }
            queue.abandon();
            report = queue.takeReport();
            drained = noteDrained();
        }
        callOut(drained, report, null);
    }

    public synchronized boolean isOpen() {
        return !isClosing() && !closed;
    }

    /**
     * Records the progress of a blocked write. With it, the time of a close that waits for the write starts again. A
     * large message may take long, but a slow peer may not.
     *
     * @param drained {@link Connection#drainedBytes()}
     */
    public synchronized void progressed(long now, long drained) {
        if (isBlocked() && blocked().progressed(now, drained) && closing != null) {
            closing.progressed(now);
        } else if (!isBlocked() && drained > 0) {
            blocked().unblocked(drained);
        }
    }

    /** Returns the bytes of all large messages that have left. Each precedes the ping that follows it. */
    public synchronized long largeBytes() {
        return queue.largeBytes();
    }

    private BlockedWrite blocked() {
        blocked = blocked == null ? new BlockedWrite(limits) : blocked;
        return blocked;
    }

    /** Returns whether a write is in flight that the socket did not take at once. */
    public synchronized boolean isBlocked() {
        return writing && !inWriteCall;
    }

    public synchronized boolean writeOverdue(long now) {
        return isBlocked() && blocked().isOverdue(now);
    }

    public synchronized boolean closeOverdue(long now) {
        return closing != null && closing.isOverdue(now, limits.closeTimeout().toNanos());
    }
}
