package io.tankws.core.outbox;

import io.tankws.DropReason;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;

/**
 * One client's times of overflow: each begins with the first message that is dropped and ends when nothing waits any
 * more. Both are reported, the end with the number of messages. The {@link Outbox}'s lock guards it.
 */
final class OverflowReport {
    private final OverflowPolicy policy;
    private final Counters counters;

    private DropReason first;
    private long dropped;
    private boolean disconnect;
    private String report;

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

    /** Asks for the end of the connection. */
    void disconnect() {
        disconnect = true;
    }

    boolean isDisconnect() {
        return disconnect;
    }

    void end() {
        if (first != null) {
            report = dropped + " messages were dropped: " + first + " first, " + policy;
            first = null;
            dropped = 0;
        }
    }

    /** Takes what there is to report, {@code null} if nothing. */
    String report() {
        String result = report;
        report = null;
        return result;
    }
}
