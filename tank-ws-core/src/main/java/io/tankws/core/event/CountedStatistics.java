package io.tankws.core.event;

import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Statistics;
import java.time.Duration;
import java.util.Map;

/** A snapshot of a manager's counters. */
public record CountedStatistics(
        Duration uptime,
        int clients,
        int topics,
        long connectionsOpened,
        long connectionsClosed,
        long handshakesRefused,
        long messagesReceived,
        long messagesOffered,
        long messagesRecovered,
        long messagesSent,
        long messagesQueued,
        Map<DropReason, Long> drops,
        long messagesUndelivered,
        long eventsLost,
        Map<ErrorCode, Long> errors,
        Map<Integer, Long> closes)
        implements Statistics {
    public CountedStatistics {
        drops = Map.copyOf(drops);
        errors = Map.copyOf(errors);
        closes = Map.copyOf(closes);
    }

    public static CountedStatistics of(Counters counters, Duration uptime, int clients, int topics, long queued) {
        return new CountedStatistics(
                uptime,
                clients,
                topics,
                counters.opened.sum(),
                counters.closed.sum(),
                counters.refused.sum(),
                counters.received.sum(),
                counters.offered.sum(),
                counters.recovered.sum(),
                counters.sent.sum(),
                queued,
                counters.drops(),
                counters.undelivered.sum(),
                counters.eventsLost.sum(),
                counters.errors(),
                counters.closes());
    }
}
