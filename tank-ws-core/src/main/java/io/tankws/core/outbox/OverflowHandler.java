package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.DropReason;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import org.jspecify.annotations.Nullable;

/**
 * The reaction of one outbox to its bounds. Created when a bound is first exceeded. Guarded by the lock of the {@link
 * Outbox}.
 *
 * <p>Each {@link OverflowPolicy} is one branch in {@link #makeRoom} and in {@link #dropOverdue}. A policy removes
 * messages from the {@link OutboxQueue} and counts each as dropped here. It calls no other code under the lock: an
 * effect outside of the outbox leaves the lock with {@link #takeReport}, and the outbox passes it to its {@link
 * OutboxListener}.
 */
final class OverflowHandler {
    private final OutboxQueue queue;
    private final ClientLimits limits;
    private final OverflowPolicy policy;
    private final OverflowReport report;

    /** Running time since which the soft bound has been exceeded. */
    private long softSince;

    private boolean soft;
    /** Number of overflows until the next conflation, which visits all waiting messages. */
    private int conflateAfter;

    private boolean disconnect;

    OverflowHandler(OutboxQueue queue, ClientLimits limits, OverflowPolicy policy, Counters counters) {
        this.queue = queue;
        this.limits = limits;
        this.policy = policy;
        report = new OverflowReport(policy, counters);
    }

    /**
     * Makes room for a message that exceeds a bound, or counts the message as dropped and returns {@code false}.
     *
     * @param position position in the history of its topic, or {@code null} if it has none
     */
    boolean makeRoom(Message message, @Nullable TopicPosition position, DropReason reason) {
        switch (policy) {
            case CONFLATE -> {
                if (conflateAfter-- <= 0) {
                    report.dropped(DropReason.CONFLATED, queue.conflate(message));
                    report.dropped(reason, queue.removePlain());
                    conflateAfter = queue.waiting() / 4;
                }
                dropOldest(message, reason);
            }
            case DROP_OLDEST -> dropOldest(message, reason);
            case DROP_NEWEST -> {
                // The message itself is the newest.
            }
            case DISCONNECT -> disconnect(reason);
            case CATCH_UP -> {
                leaveToHistory(reason);
                if (queue.createCatchUp().defer(message, position)) {
                    report.deferred(reason, 1);
                    return false;
                }
                if (queue.excess(message) != null) {
                    disconnect(reason);
                }
            }
        }
        boolean fits = !disconnect && queue.excess(message) == null;
        report.dropped(reason, fits ? 0 : 1);
        return fits;
    }

    private void dropOldest(Message message, DropReason reason) {
        int before = queue.waiting();
        while (queue.waiting() > 0 && queue.excess(message) != null) {
            queue.removeOldest();
        }
        report.dropped(reason, before - queue.waiting());
    }

    /** Drops the waiting publications of all topics with a history. */
    private void leaveToHistory(DropReason reason) {
        report.deferred(reason, queue.removeIf(queue.createCatchUp()::defer));
    }

    /** Counts messages of a topic on which the client is behind. */
    void skipped(int messages) {
        report.skipped(messages);
    }

    /** Ends the delivery to a client that has not caught up in time. */
    void endCatchUp() {
        disconnect(DropReason.CATCH_UP);
    }

    /** Ends the delivery to this client. The outbox closes it with 1013. */
    private void disconnect(DropReason reason) {
        report.dropped(reason, queue.waiting());
        queue.clear();
        disconnect = true;
    }

    /** Returns whether the policy requires the end of the connection. */
    boolean isDisconnect() {
        return disconnect;
    }

    /** Records that the soft bound is exceeded. */
    void noteSoft(long now) {
        if (!soft) {
            soft = true;
            softSince = now;
        }
    }

    /** Returns whether the soft bound has been exceeded for too long. */
    boolean isSoftOverdue(long now) {
        return soft && now - softSince > limits.outboxSoftTime().toNanos();
    }

    /** Applies the policy to messages that have waited too long, or else to the excess over the soft bound. */
    void dropOverdue(long now) {
        DropReason reason = queue.hasOlder(limits.outboxAge().toNanos(), now)
                ? DropReason.OUTBOX_AGE
                : DropReason.OUTBOX_SOFT_BYTES;
        if (policy == OverflowPolicy.CATCH_UP) {
            leaveToHistory(reason);
        }
        if (policy == OverflowPolicy.DISCONNECT || policy == OverflowPolicy.CATCH_UP) {
            if (isExceeded(reason, now)) {
                disconnect(reason);
            }
            return;
        }
        int before = queue.waiting();
        if (reason == DropReason.OUTBOX_AGE) {
            dropOld(now);
        } else {
            dropToSoftBound();
        }
        report.dropped(reason, before - queue.waiting());
        soft = queue.isSoft();
    }

    /** Returns whether waiting messages exceed a bound in time. */
    private boolean isExceeded(DropReason reason, long now) {
        if (reason == DropReason.OUTBOX_AGE) {
            return queue.hasOlder(limits.outboxAge().toNanos(), now);
        }
        soft = queue.isSoft();
        return soft && queue.waiting() > 0;
    }

    private void dropOld(long now) {
        while (queue.hasOlder(limits.outboxAge().toNanos(), now)) {
            queue.removeOldest();
        }
    }

    private void dropToSoftBound() {
        while (queue.waiting() > 0 && queue.isSoft()) {
            if (policy == OverflowPolicy.DROP_NEWEST) {
                queue.removeNewest();
            } else {
                queue.removeOldest();
            }
        }
    }

    /** Records that a write has ended. */
    void written() {
        soft = soft && queue.isSoft();
    }

    /** Ends the overflow, if there is one. */
    void end() {
        report.end();
    }

    /** Takes the report of the begin or the end of an overflow, or {@code null} if there is none. */
    @Nullable
    String takeReport() {
        return report.take();
    }
}
