package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.DropReason;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages and control frames of one client that wait or are in flight. Guarded by the lock of its {@link Outbox}.
 *
 * <p>This file is longer than 400 lines because all of it changes the same counts of messages and bytes.
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
    /** Topics on which the client is behind, or {@code null} before it first is. */
    private @Nullable CatchUp catchUp;

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
     * @param position position in the history of its topic, or {@code null} if it has none
     * @param writing true if a write is in flight; if not, the bounds do not apply, because the client has taken all
     *     written bytes
     */
    boolean offer(Message message, @Nullable TopicPosition position, long now, boolean writing) {
        DropReason excess = writing ? excess(message) : null;
        if (excess != null && !overflow().makeRoom(message, position, excess)) {
            return false;
        }
        add(message, position, now);
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
            for (int i = 0; i < batch.size(); i++) {
                add(batch.messages.get(i), position(batch, i), now);
            }
        }
        noteSoft(now);
    }

    void add(Message message, @Nullable TopicPosition position, long now) {
        ring().add(message, now, position);
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
            for (int i = 0; i < sharedBatch.size(); i++) {
                ring.add(sharedBatch.messages.get(i), latest, position(sharedBatch, i));
            }
            sharedBatch = null;
        }
        return ring;
    }

    /** Returns the position of a message if this outbox remembers positions, else {@code null}. */
    @Nullable
    TopicPosition position(MessageBatch batch, int index) {
        return context.policy() == OverflowPolicy.CATCH_UP ? batch.position(index) : null;
    }

    /** Returns the topics on which the client is behind, or {@code null} if it has never been behind. */
    @Nullable
    CatchUp catchUp() {
        return catchUp;
    }

    /** Returns the topics on which the client is behind, created if it has never been behind. */
    CatchUp createCatchUp() {
        CatchUp current = catchUp == null ? new CatchUp(this, limits, context.counters()) : catchUp;
        catchUp = current;
        return current;
    }

    private boolean isBehind() {
        return catchUp != null && catchUp.isBehind();
    }

    /** Returns whether the client is or was behind on the topic of a batch, so that {@link #admits} must be asked. */
    boolean isSelective(MessageBatch batch) {
        return catchUp != null && catchUp.concerns(batch);
    }

    /** Returns whether a live message is to be queued. Otherwise counts it as dropped. */
    boolean admits(Message message, @Nullable TopicPosition position) {
        if (catchUp == null || catchUp.admits(message, position)) {
            return true;
        }
        overflow().skipped(1);
        return false;
    }

    /** Returns whether pages of a history must be requested now. */
    boolean beginCatchUp() {
        return catchUp != null && catchUp.begin();
    }

    /** Returns whether pages of a history must be requested now, because the pause after a failure is over. */
    boolean retryCatchUp(long now) {
        return catchUp != null && catchUp.retry(now);
    }

    /** Queues publications that were read from a history. */
    void addPage(RecoveredPage page, long now, boolean writing) {
        if (catchUp != null) {
            catchUp.addPage(page, now, writing);
            endOverflow();
        }
    }

    /** Forgets the positions of a topic that the client has unsubscribed from. Its waiting messages stay. */
    void forget(String topic) {
        if (catchUp != null) {
            catchUp.forget(topic);
            endOverflow();
        }
        if (context.policy() == OverflowPolicy.CATCH_UP && waiting() > 0) {
            ring().removePositions(topic);
        }
    }

    private void endOverflow() {
        if (overflow != null && waiting() == 0 && !isBehind()) {
            overflow.end();
        }
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
        if (catchUp != null && catchUp.isOverdue(now)) {
            overflow().endCatchUp();
            return true;
        }
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

    /** Removes the messages that a filter accepts. Returns the number removed. */
    int removeIf(BiPredicate<Message, @Nullable TopicPosition> filter) {
        MessageRing all = ring();
        boolean[] marked = new boolean[all.size()];
        for (int i = 0; i < marked.length; i++) {
            marked[i] = filter.test(all.get(i), all.position(i));
        }
        return remove(marked);
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
        endOverflow();
        boolean pingDue = unpinged >= MAX_WRITE_BYTES;
        unpinged = pingDue ? 0 : unpinged;
        return pingDue;
    }

    /** Discards the waiting messages, because the connection is closed or closing. */
    void abandon() {
        context.counters().undelivered.add(waiting());
        clear();
        catchUp = null;
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
