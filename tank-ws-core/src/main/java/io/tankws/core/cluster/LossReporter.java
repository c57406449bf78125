package io.tankws.core.cluster;

import io.tankws.ErrorCode;
import io.tankws.MissedMessages;
import io.tankws.core.concurrent.TokenBucket;
import io.tankws.core.event.EventDispatcher;
import io.tankws.spi.support.RunningTime;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The counter and reporter of messages between nodes that were lost, late or invalid. Every message is counted.
 * Reports of the same kind are merged, so that a flood causes at most {@link #MAX_EVENTS_PER_SECOND} events per
 * second.
 */
final class LossReporter implements BackplaneChannel.Missed {
    /** Maximum number of error events per second. Above it, reports wait and are merged. */
    static final int MAX_EVENTS_PER_SECOND = 64;
    /**
     * Maximum number of waiting kinds of reports. A further one is merged into a report without topic and publisher.
     */
    static final int MAX_WAITING = 1024;

    /** Publisher of messages that are reported without a name. */
    static final String SEVERAL = "several";

    final AtomicLong missed = new AtomicLong();
    final AtomicLong rejected = new AtomicLong();
    final AtomicLong stale = new AtomicLong();
    private final EventDispatcher events;
    private final LongFunction<String> names;
    /** Number of messages by kind of report. */
    private final Map<Report, Long> waiting = new LinkedHashMap<>();

    private final TokenBucket budget = new TokenBucket(MAX_EVENTS_PER_SECOND, RunningTime.nanoTime());

    /**
     * A kind of report.
     *
     * @param garbage reason of the rejection, or {@code null} for missed messages
     * @param topic topic of missed messages, or {@code null} for broadcasts
     */
    private record Report(
            @Nullable String garbage, @Nullable String topic, String node, boolean exact) {}

    LossReporter(EventDispatcher events, LongFunction<String> names) {
        this.events = events;
        this.names = names;
    }

    @Override
    public void missed(BackplaneChannel channel, long node, long count, boolean exact) {
        missed.accumulateAndGet(count, LossReporter::plus);
        add(new Report(null, channel.topic, names.apply(node), exact), count);
    }

    /** Reports publications of a topic with history that could not be read from it. */
    void missedPublications(String topic, long count, boolean exact) {
        missed.accumulateAndGet(count, LossReporter::plus);
        add(new Report(null, topic, SEVERAL, exact), count);
    }

    @Override
    public void stale(BackplaneChannel channel, long node, boolean counted) {
        stale.incrementAndGet();
        if (!counted) {
            // Another message may have taken its offset.
            missed(channel, node, 1, false);
        }
    }

    @Override
    public void leapt(BackplaneChannel channel, long node) {
        rejected("its number leaps");
    }

    /**
     * Reports messages that arrived and that this node failed to deliver.
     *
     * @param topic topic of the messages, or {@code null} for broadcasts
     */
    void undelivered(@Nullable String topic, int messages, Throwable cause) {
        missed.accumulateAndGet(messages, LossReporter::plus);
        String text = messages + " messages "
                + (topic == null ? "to all clients" : "of a topic")
                + " were received but not delivered";
        events.error(ErrorCode.MESSAGES_MISSED, text, null, cause);
    }

    /** Records a dropped message. The reason repeats no part of it. */
    void rejected(String reason) {
        rejected.incrementAndGet();
        add(new Report(reason, null, "", false), 1);
    }

    private synchronized void add(Report report, long count) {
        Report kind = report;
        if (waiting.size() >= MAX_WAITING && !waiting.containsKey(kind)) {
            kind = new Report(report.garbage() == null ? null : "several reasons", null, SEVERAL, false);
        }
        waiting.merge(kind, count, LossReporter::plus);
    }

    /** Adds two counts without overflow, whatever another program claims. */
    static long plus(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Publishes the reports that are allowed by now. Called without locks. */
    void flush(long now) {
        while (report(now, false)) {
            // Reports are published one at a time.
        }
    }

    /** Publishes all waiting reports. */
    void close() {
        while (report(RunningTime.nanoTime(), true)) {
            // The loop publishes at most as many reports as may wait.
        }
    }

    private boolean report(long now, boolean last) {
        Report kind;
        long count;
        synchronized (this) {
            if (waiting.isEmpty() || !last && !budget.take(now)) {
                return false;
            }
            Iterator<Map.Entry<Report, Long>> oldestFirst = waiting.entrySet().iterator();
            Map.Entry<Report, Long> oldest = oldestFirst.next();
            kind = oldest.getKey();
            count = oldest.getValue();
            oldestFirst.remove();
        }
        if (kind.garbage() != null) {
            String text = "dropped " + count + " messages on channels of the cluster that no node can have sent: ";
            events.error(ErrorCode.BACKPLANE_FAILED, text + kind.garbage(), null, null);
        } else {
            String text = (kind.exact() ? "missed " : "may have missed up to ") + count + " of node " + kind.node()
                    + (kind.topic() == null ? "" : " on topic " + kind.topic());
            String topic = kind.topic() == null ? "" : kind.topic();
            events.error(ErrorCode.MESSAGES_MISSED, text, new MissedMessages(topic, kind.node(), count, kind.exact()));
        }
        return true;
    }
}
