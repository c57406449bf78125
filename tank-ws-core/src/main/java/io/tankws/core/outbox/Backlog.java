package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.DropReason;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages and control frames that wait for one client or are in flight, and the reaction to the {@link
 * ClientLimits}. Guarded by its own lock, which its {@link Outbox} takes.
 *
 * <p>The outbox is a subclass, and rarely used parts are created on demand. A message for thousands of clients visits
 * as many outboxes, and each additional object would be another cache miss.
 */
public abstract class Backlog extends Waiting {
    static final int DRAINED = 0;
    static final int FILLED = 1;
    static final int CRITICAL = 2;

    private static final int FILLING_MESSAGES = 128;

    final ClientLimits limits;
    final Counters counters;
    private final OverflowPolicy policy;

    private PendingControlFrames control;
    private int writingMessages;
    private int writingBytes;
    /** Bytes written since the last ping among them. */
    private int unpinged;
    /** Bytes of all writes that are too large for pings in between. */
    long largeBytes;

    /** Time since which the soft bound has been exceeded. */
    private long softSince;

    private boolean soft;
    /** Number of overflows until the next conflation, which visits all waiting messages. */
    private int conflateAfter;

    private OverflowReport overflow;

    Backlog(ClientLimits limits, OverflowPolicy policy, Counters counters) {
        this.limits = limits;
        this.policy = policy;
        this.counters = counters;
    }

    /** Takes the overflow report, or {@code null} if there is none. */
    final String takeReport() {
        return overflow == null ? null : overflow.report();
    }

    /** Returns whether the policy requires the end of the connection. */
    final boolean isDisconnect() {
        return overflow != null && overflow.isDisconnect();
    }

    final void addPing() {
        control().ping();
    }

    final void addPong(Frame frame) {
        control().pong(frame);
    }

    private PendingControlFrames control() {
        if (control == null) {
            control = new PendingControlFrames();
        }
        return control;
    }

    private int controlBytes() {
        return control == null ? 0 : control.bytes();
    }

    /**
     * Queues one part of a batch while no write is in flight. The bounds do not apply then, because the client has
     * taken all written bytes, and the thread that queues flushes before it queues its next part.
     */
    final void addAll(MessageBatch burst, long now) {
        if (size() == 0) {
            setSharedBatch(burst, now);
        } else {
            for (Message message : burst.messages) {
                add(message, now);
            }
        }
        noteSoft(now);
    }

    /** Takes one part of a batch for the next write, if no other message waits. */
    final boolean tryWriteBatch(MessageBatch burst) {
        boolean alone = size() == 0 && control == null;
        if (alone) {
            writingMessages = burst.size();
            writingBytes = burst.bytes;
        }
        return alone;
    }

    /**
     * Queues a message, or counts it as dropped and returns {@code false}.
     *
     * @param writing true if a write is in flight; if not, the bounds do not apply, as in {@link #addAll}
     */
    final boolean offer(Message message, long now, boolean writing) {
        DropReason excess = writing ? excess(message.frame().length()) : null;
        if (excess != null && !makeRoom(message, excess)) {
            overflow().dropped(excess, 1);
            return false;
        }
        add(message, now);
        noteSoft(now);
        return true;
    }

    private void noteSoft(long now) {
        if (!soft && isSoft()) {
            soft = true;
            softSince = now;
        }
    }

    /**
     * Returns whether a message fits. An empty outbox takes one message of any size, because its receiver is not slow.
     */
    private DropReason excess(int bytes) {
        int messages = writingMessages + size();
        if (messages == 0) {
            return null;
        }
        if (messages >= limits.outboxMessages()) {
            return DropReason.OUTBOX_MESSAGES;
        }
        return bytes > limits.outboxBytes() - waitingBytes() ? DropReason.OUTBOX_BYTES : null;
    }

    /** Returns the number of messages that wait or are in flight. */
    final int messages() {
        return size() + writingMessages;
    }

    /** Returns the number of messages in flight. */
    final int writingMessages() {
        return writingMessages;
    }

    private long waitingBytes() {
        return (long) writingBytes + queuedBytes() + controlBytes();
    }

    /** Returns whether a quarter of a bound, or enough for an efficient write, waits. */
    final boolean shouldFlush() {
        return queuedBytes() >= fillingBytes() || size() >= fillingMessages();
    }

    /**
     * Returns the fill state: {@link #FILLED} from a quarter of a bound on, {@link #CRITICAL} from half of it on, else
     * {@link #DRAINED}.
     */
    public final int fill() {
        long bytes = waitingBytes();
        int messages = writingMessages + size();
        if (messages == 0) {
            return DRAINED;
        }
        if (bytes >= pacedBytes() / 2 || messages >= Math.max(2, limits.outboxMessages() / 2)) {
            return CRITICAL;
        }
        return bytes >= pacedBytes() / 4 || messages >= Math.max(1, limits.outboxMessages() / 4) ? FILLED : DRAINED;
    }

    /** Returns whether at most an eighth of a bound waits. */
    final boolean isDrained() {
        int messages = writingMessages + size();
        return messages == 0 || waitingBytes() <= pacedBytes() / 8 && messages <= limits.outboxMessages() / 8;
    }

    /** Flow control also keeps receivers below the soft bound. */
    private long pacedBytes() {
        return Math.min(limits.outboxBytes(), 2L * limits.outboxSoftBytes());
    }

    private int fillingBytes() {
        return Math.min(MAX_WRITE_BYTES, limits.outboxBytes() / 4);
    }

    private int fillingMessages() {
        return Math.min(FILLING_MESSAGES, limits.outboxMessages() / 4);
    }

    private boolean makeRoom(Message message, DropReason reason) {
        switch (policy) {
            case CONFLATE -> {
                if (conflateAfter-- <= 0) {
                    conflate(message, reason);
                    conflateAfter = size() / 4;
                }
                dropOldest(message, reason);
            }
            case DROP_OLDEST -> dropOldest(message, reason);
            case DISCONNECT -> giveUp(reason);
            default -> {
                return false;
            }
        }
        return policy != OverflowPolicy.DISCONNECT && excess(message.frame().length()) == null;
    }

    private void dropOldest(Message message, DropReason reason) {
        int bytes = message.frame().length();
        int before = size();
        while (size() > 0 && excess(bytes) != null) {
            poll();
        }
        overflow().dropped(reason, before - size());
    }

    /** Ends the delivery to this client. The outbox closes it with 1013. */
    private void giveUp(DropReason reason) {
        overflow().dropped(reason, size());
        overflow().disconnect();
        forget();
    }

    /**
     * Keeps the latest message of each topic. If needed, it then drops messages without a topic until a quarter of
     * the bounds is free.
     */
    private void conflate(Message incoming, DropReason reason) {
        drop(Conflation.stale(queue(), incoming), DropReason.CONFLATED);
        drop(Conflation.plain(queue(), writingMessages, waitingBytes(), limits), reason);
    }

    private void drop(boolean[] marked, DropReason reason) {
        int before = size();
        remove(marked);
        overflow().dropped(reason, before - size());
    }

    private OverflowReport overflow() {
        if (overflow == null) {
            overflow = new OverflowReport(policy, counters);
        }
        return overflow;
    }

    private boolean isOlder(long age, long now) {
        return size() > 0 && now - queue().oldestTime() > age;
    }

    private boolean isSoft() {
        return waitingBytes() > limits.outboxSoftBytes();
    }

    /** Applies the policy to messages that have waited too long. Returns whether there were any. */
    final boolean checkAge(long now) {
        if (size() == 0) {
            trim(now);
            return false;
        }
        DropReason reason = null;
        long age = limits.outboxAge().toNanos();
        if (isOlder(age, now)) {
            reason = DropReason.OUTBOX_AGE;
        } else if (soft && now - softSince > limits.outboxSoftTime().toNanos()) {
            reason = DropReason.OUTBOX_SOFT_BYTES;
        }
        if (reason == null) {
            return false;
        }
        if (policy == OverflowPolicy.DISCONNECT) {
            giveUp(reason);
            return true;
        }
        int before = size();
        while (isOlder(age, now)) {
            poll();
        }
        overflow().dropped(DropReason.OUTBOX_AGE, before - size());
        before = size();
        while (reason == DropReason.OUTBOX_SOFT_BYTES && size() > 0 && isSoft()) {
            if (policy == OverflowPolicy.DROP_NEWEST) {
                pollLast();
            } else {
                poll();
            }
        }
        overflow().dropped(DropReason.OUTBOX_SOFT_BYTES, before - size());
        soft = isSoft();
        return true;
    }

    /** Takes the next write: control frames first, then messages up to the bound. */
    final List<Frame> take() {
        int messages = size();
        if (messages == 0 && control == null) {
            return List.of();
        }
        int before = queuedBytes();
        List<Frame> frames = messages == 0 ? List.of() : pollWrite();
        writingMessages = frames.size();
        writingBytes = before - queuedBytes();
        return control == null ? frames : behindControl(frames);
    }

    private List<Frame> behindControl(List<Frame> frames) {
        List<Frame> all = new ArrayList<>(frames.size() + 2);
        writingBytes += control.bytes();
        control.moveTo(all);
        control = null;
        all.addAll(frames);
        return all;
    }

    /** Records the end of the write; {@code false} if it failed. */
    final void written(boolean sent) {
        (sent ? counters.sent : counters.undelivered).add(writingMessages);
        pingAfter(writingBytes);
        writingMessages = 0;
        writingBytes = 0;
        soft = soft && isSoft();
        if (overflow != null && size() == 0) {
            overflow.end();
        }
    }

    /**
     * Queues a ping after the bytes of one efficient write, so that a slow peer shows activity while it reads. A ping
     * at the end of a batch would follow all bytes that the systems in between have buffered.
     */
    private void pingAfter(int bytes) {
        unpinged += bytes;
        if (bytes > 2 * MAX_WRITE_BYTES) {
            largeBytes += bytes;
        }
        if (unpinged >= MAX_WRITE_BYTES) {
            unpinged = 0;
            if (pingsWithData()) {
                addPing();
            }
        }
    }

    /** Returns whether pings are sent to this client. */
    abstract boolean pingsWithData();

    /** Discards the waiting messages, because the connection is closed or closing. */
    final void abandon() {
        counters.undelivered.add(size());
        forget();
        if (overflow != null) {
            overflow.end();
        }
    }

    private void forget() {
        clear();
        control = null;
    }
}
