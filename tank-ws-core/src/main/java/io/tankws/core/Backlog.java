package io.tankws.core;

import io.tankws.DropReason;
import io.tankws.Frame;
import io.tankws.Limits;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The messages and control frames that wait for one client or are under way to it, and what happens where they exceed
 * the {@link Limits}. Its {@link Outbox}'s lock guards it.
 */
final class Backlog {
    /** Most bytes of one write, unless a single message is larger: a slow peer must be able to finish one in time. */
    static final int MAX_WRITE_BYTES = 64 * 1024;

    private static final int FILLING_MESSAGES = 128;

    /** A queue that grew beyond this is not kept for an idle client. */
    private static final int KEPT_CAPACITY = 64;
    /** Nor is any, if nothing has come for so long. */
    private static final long IDLE_NANOS = 1_000_000_000;

    final ControlFrames control = new ControlFrames();
    private final Limits limits;
    private final OverflowPolicy policy;
    private final Counters counters;

    private MessageQueue queue;
    private int queuedBytes;
    private int writingMessages;
    private int writingBytes;
    /** Since when the soft bound is exceeded, if it is. */
    private long softSince;

    private boolean soft;
    /** Overflows until conflation is worth its cost again: it looks at all that waits. */
    private int conflateAfter;

    private final Overflow overflow;

    Backlog(Limits limits, OverflowPolicy policy, Counters counters) {
        this.limits = limits;
        this.policy = policy;
        this.counters = counters;
        overflow = new Overflow(policy, counters);
    }

    Overflow overflow() {
        return overflow;
    }

    /** Queues a message, or tells {@code false} and counts it. */
    boolean offer(Message message, long now) {
        int bytes = message.frame().length();
        DropReason excess = excess(bytes);
        if (excess != null && !makeRoom(message, excess)) {
            overflow.dropped(excess, 1);
            return false;
        }
        if (queue == null) {
            queue = new MessageQueue();
        }
        queue.add(message, now);
        queuedBytes += bytes;
        if (!soft && isSoft()) {
            soft = true;
            softSince = now;
        }
        return true;
    }

    /** An empty outbox takes any one message, however large: its receiver is not slow. */
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

    private long waitingBytes() {
        return (long) writingBytes + queuedBytes + control.bytes();
    }

    /** Tells whether a quarter of a bound, or what makes a good write, waits. */
    boolean isFilling() {
        return queuedBytes >= Math.min(MAX_WRITE_BYTES, limits.outboxBytes() / 4)
                || size() >= Math.min(FILLING_MESSAGES, limits.outboxMessages() / 4);
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
        while (size() > 0 && excess(bytes) != null) {
            drop(queue.poll(), reason);
        }
    }

    /** Ends this client's life as a receiver; the outbox closes it with 1013. */
    private void giveUp(DropReason reason) {
        overflow.dropped(reason, size());
        overflow.disconnect();
        clear();
    }

    /** Keeps the latest of each topic; then frees a quarter of the bounds at the cost of what belongs to no topic. */
    private void conflate(Message incoming, DropReason reason) {
        Set<String> seen = new HashSet<>();
        incoming.topic().ifPresent(seen::add);
        boolean[] stale = new boolean[size()];
        for (int i = stale.length - 1; i >= 0; i--) {
            String topic = queue.get(i).topic().orElse(null);
            stale[i] = topic != null && !seen.add(topic);
        }
        retain(stale, DropReason.CONFLATED);
        boolean[] plain = new boolean[size()];
        long bytes = waitingBytes();
        int messages = writingMessages + plain.length;
        for (int i = 0; i < plain.length && isFull(messages, bytes); i++) {
            plain[i] = queue.get(i).topic().isEmpty();
            if (plain[i]) {
                messages--;
                bytes -= queue.get(i).frame().length();
            }
        }
        retain(plain, reason);
    }

    private boolean isFull(int messages, long bytes) {
        return messages > threeQuarters(limits.outboxMessages()) || bytes > threeQuarters(limits.outboxBytes());
    }

    private static int threeQuarters(int bound) {
        return bound - bound / 4 - 1;
    }

    private void retain(boolean[] dropped, DropReason reason) {
        if (queue != null) {
            queue.retain(i -> {
                if (dropped[i]) {
                    drop(queue.get(i), reason);
                }
                return !dropped[i];
            });
        }
    }

    private void drop(Message message, DropReason reason) {
        queuedBytes -= message.frame().length();
        overflow.dropped(reason, 1);
    }

    private boolean isSoft() {
        return waitingBytes() > limits.outboxSoftBytes();
    }

    /** Acts on what has waited too long; tells whether there was any. */
    boolean check(long now) {
        if (size() == 0) {
            if (queue != null && now - queue.latestTime() > IDLE_NANOS) {
                queue = null;
            }
            return false;
        }
        DropReason reason = null;
        long age = limits.outboxAge().toNanos();
        if (now - queue.oldestTime() > age) {
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
        while (size() > 0 && now - queue.oldestTime() > age) {
            drop(queue.poll(), DropReason.OUTBOX_AGE);
        }
        while (reason == DropReason.OUTBOX_SOFT_BYTES && size() > 0 && isSoft()) {
            drop(policy == OverflowPolicy.DROP_NEWEST ? queue.pollLast() : queue.poll(), reason);
        }
        soft = isSoft();
        return true;
    }

    /** Takes the next write: control frames first, then messages up to the bound. */
    List<Frame> take() {
        int messages = size();
        if (messages == 0 && control.isEmpty()) {
            return List.of();
        }
        if (messages == 1 && control.isEmpty()) {
            return takeOnly();
        }
        List<Frame> batch = new ArrayList<>(Math.min(messages, KEPT_CAPACITY) + 2);
        writingBytes = control.bytes();
        control.moveTo(batch);
        int before = queuedBytes;
        int taken = 0;
        while (size() > 0
                && (writingMessages == 0 || taken + queue.get(0).frame().length() <= MAX_WRITE_BYTES)) {
            Frame frame = queue.poll().frame();
            batch.add(frame);
            writingMessages++;
            taken += frame.length();
        }
        queuedBytes = before - taken;
        writingBytes += taken;
        forgetIfLarge();
        return batch;
    }

    private List<Frame> takeOnly() {
        Frame frame = queue.poll().frame();
        queuedBytes = 0;
        writingMessages = 1;
        writingBytes = frame.length();
        forgetIfLarge();
        return List.of(frame);
    }

    private void forgetIfLarge() {
        if (size() == 0 && queue != null && queue.capacity() > KEPT_CAPACITY) {
            queue = null;
        }
    }

    /** The write has ended; {@code false} if it failed. */
    void written(boolean sent) {
        (sent ? counters.sent : counters.undelivered).add(writingMessages);
        writingMessages = 0;
        writingBytes = 0;
        soft &= isSoft();
        if (size() == 0) {
            overflow.end();
        }
    }

    /** The connection is gone or going: what waits will never leave. */
    void abandon() {
        counters.undelivered.add(size());
        clear();
        overflow.end();
    }

    private void clear() {
        queue = null;
        queuedBytes = 0;
        control.clear();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    private int size() {
        return queue == null ? 0 : queue.size();
    }
}
