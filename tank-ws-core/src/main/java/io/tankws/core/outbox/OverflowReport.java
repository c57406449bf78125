package io.tankws.core.outbox;

import io.tankws.DropReason;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import org.jspecify.annotations.Nullable;

/**
 * The overflow periods of one client. A period begins with the first dropped message and ends when no message waits.
 * Both are reported, the end with the number of dropped messages. Guarded by the lock of the {@link Outbox}.
 */
final class OverflowReport {
    private final OverflowPolicy policy;
    private final Counters counters;

    /** Reason of the first dropped message of the current period, or {@code null} outside of periods. */
    private @Nullable DropReason first;

    private long dropped;
    /** Report to take, or {@code null} if there is none. */
    private @Nullable String report;

    OverflowReport(OverflowPolicy policy, Counters counters) {
        this.policy = policy;
        this.counters = counters;
    }

    void dropped(DropReason reason, int messages) {
        if (messages == 0) {
            return;
        }
        counters.dropped(reason, messages);
        dropped += messages;
        if (first == null) {
            first = reason;
            report = "messages are dropped: " + reason + ", " + policy;
        }
    }

    /** Counts messages that the client misses until it catches up. */
    void deferred(DropReason reason, int messages) {
        if (messages == 0) {
            return;
        }
        counters.dropped(DropReason.CATCH_UP, messages);
        dropped += messages;
        if (first == null) {
            first = reason;
            report = "publications are left to the history: " + reason + ", " + policy;
        }
    }

    /** Counts messages of a topic on which the client is behind, or which it already has from the history. */
    void skipped(int messages) {
        counters.dropped(DropReason.CATCH_UP, messages);
        dropped += first == null ? 0 : messages;
    }

    void end() {
        if (first != null) {
            report = dropped + " messages were dropped: " + first + " first, " + policy;
            first = null;
            dropped = 0;
        }
    }

    /** Takes the report, or {@code null} if there is none. */
    @Nullable
    String take() {
        String result = report;
        report = null;
        return result;
    }
}
