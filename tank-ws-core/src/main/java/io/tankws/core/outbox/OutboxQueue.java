package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.DropReason;
import io.tankws.Frame;
import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages and control frames of one client that wait or are in flight. Guarded by the lock of its {@link Outbox}.
 */
final class OutboxQueue {
    /**
     * Maximum bytes of one write, unless a single message is larger. A slow peer must be able to finish a write in
     * time.
     */
    static final int MAX_WRITE_BYTES = 64 * 1024;

    /** Capacity above which the ring of an empty queue is released. */
    private static final int KEPT_CAPACITY = 64;
    /** Time without messages after which any ring is released. */
    private static final long IDLE_NANOS = 1_000_000_000;

    private ClientLimits limits;
    private final OutboxContext context;

    /** Batch that was added while no message waited. A further message moves all of it to the ring. */
    private @Nullable MessageBatch sharedBatch;

    /** Ring of the waiting messages, or {@code null} while none is needed. */
    private @Nullable MessageRing ring;
    /** Waiting control frames, or {@code null} if there are none. */
    private @Nullable PendingControlFrames control;
    /** Total bytes of the waiting messages. */
    private int waitingBytes;
    /** Running time of the latest message. */
    private long latest;

    private int messagesInFlight;
    /** Bytes in flight, with control frames. */
    private int bytesInFlight;
    /** Bytes written since the last ping among them. */
    private int unpinged;
    /** Bytes of all writes that are too large for pings in between. */
    private long largeBytes;

    /** Reaction to exceeded bounds, or {@code null} before the first excess. */
    private @Nullable OverflowHandler overflow;

    OutboxQueue(ClientLimits limits, OutboxContext context) {
        this.limits = limits;
        this.context = context;
    }

    /** Replaces the limits. An overflow in progress keeps its own until it ends. */
    void limit(ClientLimits own) {
        limits = own;
    }

    /**
     * Queues a message, or counts it as dropped and returns {@code false}.
     *
     * @param writing true if a write is in flight; if not, the bounds do not apply, because the client has taken all
     *     written bytes
     */
    boolean offer(Message message, long now, boolean writing) {
        DropReason excess = writing ? excess(message) : null;
        if (excess != null && !overflow().makeRoom(message, excess)) {
            return false;
        }
        add(message, now);
        noteSoft(now);
        return true;
    }

    /**
     * Queues one part of a batch while no write is in flight. The bounds do not apply then, and the thread that queues
     * flushes before it queues its next part. Shares the batch without copying it if no other message waits.
     */
    void addAll(MessageBatch batch, long now) {
        if (waiting() == 0) {
            sharedBatch = batch;
            waitingBytes = batch.bytes;
            latest = now;
        } else {
            for (Message message : batch.messages) {
                add(message, now);
            }
        }
        noteSoft(now);
    }

    private void add(Message message, long now) {
        ring().add(message, now);
        waitingBytes += message.frame().length();
        latest = now;
    }

    private void noteSoft(long now) {
        if (isSoft()) {
            overflow().noteSoft(now);
        }
    }

    private OverflowHandler overflow() {
        if (overflow == null) {
            overflow = new OverflowHandler(this, limits, context.policy(), context.counters());
        }
        return overflow;
    }

    void addPing() {
        control().ping();
    }

    void addPong(Frame frame) {
        control().pong(frame);
    }

    private PendingControlFrames control() {
        if (control == null) {
            control = new PendingControlFrames();
        }
        return control;
    }

    /** Returns the ring, which then also holds the shared batch. */
    private MessageRing ring() {
        if (ring == null) {
            ring = new MessageRing();
        }
        if (sharedBatch != null) {
            for (Message message : sharedBatch.messages) {
                ring.add(message, latest);
            }
            sharedBatch = null;
        }
        return ring;
    }

    /** Returns the number of messages that wait. */
    int waiting() {
        if (sharedBatch != null) {
            return sharedBatch.size();
        }
        return ring == null ? 0 : ring.size();
    }

    /** Returns the number of messages that wait or are in flight. */
    int messages() {
        return waiting() + messagesInFlight;
    }

    int messagesInFlight() {
        return messagesInFlight;
    }

    /** Returns the bytes that wait or are in flight, with control frames. */
    private long bytes() {
        return (long) bytesInFlight + waitingBytes + (control == null ? 0 : control.bytes());
    }

    /** Returns the bytes of all large writes that have ended. */
    long largeBytes() {
        return largeBytes;
    }

    /** Returns the bound that a further message would exceed, or {@code null} if it fits. */
    @Nullable
    DropReason excess(Message message) {
        return OutboxBounds.excess(limits, messages(), bytes(), message.frame().length());
    }

    /** Returns whether messages fit together within the bounds. */
    boolean fits(MessageBatch batch) {
        return batch.size() <= limits.outboxMessages() - messages() && batch.bytes <= limits.outboxBytes() - bytes();
    }

    boolean isSoft() {
        return OutboxBounds.isSoft(limits, bytes());
    }

    /** Returns the fill level, as {@link OutboxBounds#level} defines it. */
    int level() {
        return OutboxBounds.level(limits, messages(), bytes());
    }

    boolean isDrained() {
        return OutboxBounds.isDrained(limits, messages(), bytes());
    }

    boolean shouldFlush() {
        return OutboxBounds.shouldFlush(limits, waiting(), waitingBytes);
    }

    /** Returns whether a message has waited for longer than an age in nanoseconds. */
    boolean hasOlder(long age, long now) {
        return waiting() > 0 && now - oldestTime() > age;
    }

    /** Returns the time of the oldest message. One must wait. The messages of a shared batch are the latest. */
    private long oldestTime() {
        return ring == null || sharedBatch != null ? latest : ring.oldestTime();
    }

    /** Applies the overflow policy to messages that have waited too long. Returns whether there were any. */
    boolean checkAge(long now) {
        if (waiting() == 0) {
            ring = now - latest > IDLE_NANOS ? null : ring;
            return false;
        }
        boolean softOverdue = overflow != null && overflow.isSoftOverdue(now);
        boolean overdue = softOverdue || hasOlder(limits.outboxAge().toNanos(), now);
        if (overdue) {
            overflow().dropOverdue(now);
        }
        return overdue;
    }

    /** Returns whether the policy requires the end of the connection. */
    boolean isDisconnect() {
        return overflow != null && overflow.isDisconnect();
    }

    /** Takes the overflow report, or {@code null} if there is none. */
    @Nullable
    String takeReport() {
        return overflow == null ? null : overflow.takeReport();
    }

    /** Removes the oldest message. There must be one. */
    void removeOldest() {
        waitingBytes -= ring().poll().frame().length();
    }

    /** Removes the newest message. There must be one. */
    void removeNewest() {
        waitingBytes -= ring().pollLast().frame().length();
    }

    /** Removes all but the latest message of each topic, the incoming one included. Returns the number removed. */
    int conflate(Message incoming) {
        return remove(Conflation.stale(ring(), incoming));
    }

    /** Removes the oldest messages without a topic until a quarter of the bounds is free. Returns their number. */
    int removePlain() {
        return remove(Conflation.plain(ring(), messagesInFlight, bytes(), limits));
    }

    /** Removes the messages at the marked indexes, where 0 is the oldest. Returns the number removed. */
    private int remove(boolean[] marked) {
        MessageRing all = ring();
        int before = all.size();
        all.retain(i -> {
            if (marked[i]) {
                waitingBytes -= all.get(i).frame().length();
            }
            return !marked[i];
        });
        return before - all.size();
    }

    /** Takes one part of a batch for the next write, if nothing else waits. */
    boolean tryTake(MessageBatch batch) {
        boolean alone = waiting() == 0 && control == null;
        if (alone) {
            messagesInFlight = batch.size();
            bytesInFlight = batch.bytes;
        }
        return alone;
    }

    /** Takes the next write: control frames first, then messages up to the bound. */
    List<Frame> take() {
        int messages = waiting();
        if (messages == 0 && control == null) {
            return List.of();
        }
        int before = waitingBytes;
        List<Frame> frames = messages == 0 ? List.of() : takeMessages();
        messagesInFlight = frames.size();
        bytesInFlight = before - waitingBytes;
        return control == null ? frames : afterControl(control, frames);
    }

    private List<Frame> afterControl(PendingControlFrames first, List<Frame> frames) {
        List<Frame> all = new ArrayList<>(frames.size() + 2);
        bytesInFlight += first.bytes();
        first.moveTo(all);
        control = null;
        all.addAll(frames);
        return all;
    }

    /** Takes the messages of one write. A shared batch is not copied. */
    private List<Frame> takeMessages() {
        if (sharedBatch != null) {
            List<Frame> frames = sharedBatch.frames;
            sharedBatch = null;
            waitingBytes = 0;
            return frames;
        }
        MessageRing all = ring();
        List<Frame> frames = new ArrayList<>(Math.min(all.size(), KEPT_CAPACITY));
        int taken = 0;
        while (all.size() > 0 && (taken == 0 || taken + all.get(0).frame().length() <= MAX_WRITE_BYTES)) {
            Frame frame = all.poll().frame();
            frames.add(frame);
            taken += frame.length();
        }
        waitingBytes -= taken;
        if (all.size() == 0 && all.capacity() > KEPT_CAPACITY) {
            ring = null;
        }
        return frames;
    }

    /**
     * Records the end of the write in flight.
     *
     * @param sent {@code false} if it failed
     * @return whether the bytes of one efficient write have followed the last ping among them
     */
    boolean written(boolean sent) {
        (sent ? context.counters().sent : context.counters().undelivered).add(messagesInFlight);
        unpinged += bytesInFlight;
        if (bytesInFlight > 2 * MAX_WRITE_BYTES) {
            largeBytes += bytesInFlight;
        }
        messagesInFlight = 0;
        bytesInFlight = 0;
        if (overflow != null) {
            overflow.written();
        }
        boolean pingDue = unpinged >= MAX_WRITE_BYTES;
        unpinged = pingDue ? 0 : unpinged;
        return pingDue;
    }

    /** Discards the waiting messages, because the connection is closed or closing. */
    void abandon() {
        context.counters().undelivered.add(waiting());
        clear();
        if (overflow != null) {
            overflow.end();
        }
    }

    /** Removes all waiting messages and control frames. */
    void clear() {
        sharedBatch = null;
        ring = null;
        control = null;
        waitingBytes = 0;
    }
}
