package io.tankws.core.cluster;

import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.concurrent.TokenBucket;
import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Queue;

/**
 * The detector of messages that were lost at the end of a stream during an outage, where no later message reveals the
 * gap. After an outage, the node asks the other nodes for their positions and reports its own, because they may have
 * missed messages too.
 */
final class GapDetector {
    /** Maximum number of position requests that are answered per second. Above it, they are rejected and reported. */
    static final int MAX_ANSWERS_PER_SECOND = 1000;

    /** Allowance for clock differences and for messages that were in flight when the outage began. */
    private static final long MARGIN = Duration.ofSeconds(2).toNanos();
    /** Time after which every message published before a position report has arrived, on any connection. */
    private static final long REPORT_DELAY = Duration.ofSeconds(1).toNanos();
    /** Time within which a second outage may have lost the replies of the first one. */
    private static final long REPLY_WINDOW = Duration.ofSeconds(5).toNanos();
    /**
     * Time after an outage in which nodes that reconnect are asked too, because they may have missed the first request.
     */
    private static final long LATE_JOIN_WINDOW = Duration.ofMinutes(1).toNanos();
    /** Time between two requests, because many nodes may reconnect at once. */
    private static final long REQUEST_INTERVAL = Duration.ofSeconds(2).toNanos();
    /** Maximum age of a partition that nodes ask about. Older losses are known from the outage alone. */
    private static final long MAX_PARTITION_LOOKBACK = Duration.ofMinutes(10).toNanos();
    /** Maximum number of positions that wait for their comparison. More are compared at once. */
    private static final int MAX_COMPARISONS = 64 * 1024;

    private record PendingComparison(long node, NodeMessage.StreamPosition position, long due) {}

    private final long node;
    private final Backplane backplane;
    private final ClusterPublisher publisher;
    private final ChannelRegistry channels;
    private final BackplaneChannel.Missed missed;
    private final TokenBucket answers = new TokenBucket(MAX_ANSWERS_PER_SECOND, RunningTime.nanoTime());
    private final Queue<PendingComparison> comparisons = new ArrayDeque<>();
    private final Deque<List<String>> requests = new ArrayDeque<>();
    private final RankedLock lock = new RankedLock(RankedLock.Rank.GAP_DETECTOR);
    private boolean outage;
    /**
     * Time since which messages may have been missed, or 0 if no request is needed. Real time, as on the other nodes.
     */
    private long inputLostSince;

    private long answeredAt;
    /** Time of the last reconnection, and of the next request; 0 for never. */
    private long reconnectedAt;

    private long nextRequestAt;
    /** Time of the last connection, in real time. */
    private long connectedAt;

    private boolean wasConnected;

    GapDetector(
            long node,
            Backplane backplane,
            ClusterPublisher publisher,
            ChannelRegistry channels,
            BackplaneChannel.Missed missed) {
        this.node = node;
        this.backplane = backplane;
        this.publisher = publisher;
        this.channels = channels;
        this.missed = missed;
        answeredAt = RunningTime.nanoTime();
    }

    void onDisconnected(long since) {
        lock.lock();
        try {
            if (!outage && (answeredAt - RunningTime.nanoTime() <= 0 || since - inputLostSince < 0)) {
                inputLostSince = since;
            }
            outage = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Requests and reports positions, except after the first connection.
     *
     * @param same true if this node cannot have been separated from other nodes before it noticed the outage
     */
    void onConnected(Collection<BackplaneChannel> all, boolean same) {
        long window;
        lock.lock();
        try {
            long now = System.nanoTime();
            long connectedBefore = connectedAt;
            boolean first = !wasConnected;
            outage = false;
            connectedAt = now;
            wasConnected = true;
            if (first) {
                return;
            }
            long separatedSince =
                    now - connectedBefore > MAX_PARTITION_LOOKBACK ? now - MAX_PARTITION_LOOKBACK : connectedBefore;
            if (!same && separatedSince - inputLostSince < 0) {
                inputLostSince = separatedSince;
            }
            reconnectedAt = RunningTime.nanoTime();
            window = window();
            queueRequests(all);
        } finally {
            lock.unlock();
        }
        List<NodeMessage.StreamPosition> positions = publisher.publishedWithin(window);
        if (positions.isEmpty()) {
            // Other nodes may have asked during the outage.
            backplane.publish(BackplaneChannel.ALL, NodeMessage.positionReport(node, List.of()));
        }
        reportPositions(BackplaneChannel.ALL, positions);
    }

    private void queueRequests(Collection<BackplaneChannel> all) {
        nextRequestAt = 0;
        answeredAt = RunningTime.nanoTime() + REPLY_WINDOW;
        requests.clear();
        List<String> names = new ArrayList<>();
        for (BackplaneChannel channel : all) {
            // No topic has a longer name.
            if (channel.wasInterrupted() && NodeMessage.fits(channel.name)) {
                names.add(channel.name);
            }
        }
        for (int from = 0; from < names.size(); from += NodeMessage.MAX_CHANNELS) {
            requests.add(List.copyOf(names.subList(from, Math.min(names.size(), from + NodeMessage.MAX_CHANNELS))));
        }
    }

    /** Records that another node has reconnected. */
    void onNodeReconnected(long other) {
        lock.lock();
        try {
            long now = RunningTime.nanoTime();
            if (other != node && reconnectedAt != 0 && now - reconnectedAt < LATE_JOIN_WINDOW && nextRequestAt == 0) {
                nextRequestAt = now + REQUEST_INTERVAL;
            }
        } finally {
            lock.unlock();
        }
    }

    private long window() {
        return System.nanoTime() - inputLostSince + MARGIN;
    }

    /**
     * Answers a position request. Returns {@code false} if there are too many. Called by the thread of the backplane.
     */
    boolean onPositionRequest(String requester, long nanos, List<String> names) {
        if (!answers.take(RunningTime.nanoTime())) {
            return false;
        }
        List<String> once = names.stream().distinct().toList();
        reportPositions(BackplaneChannel.ofNode(requester), publisher.publishedWithin(once, nanos));
        return true;
    }

    private void reportPositions(String channel, List<NodeMessage.StreamPosition> positions) {
        for (int from = 0; from < positions.size(); from += NodeMessage.MAX_CHANNELS) {
            List<NodeMessage.StreamPosition> some =
                    positions.subList(from, Math.min(positions.size(), from + NodeMessage.MAX_CHANNELS));
            // If the report fails, the backplane is about to disconnect, and the requests start again after the
            // reconnection.
            backplane.publish(channel, NodeMessage.positionReport(node, some));
        }
    }

    /** Records a position report of another node or of this one. */
    void onPositionReport(long reporter, List<NodeMessage.StreamPosition> positions) {
        long due = RunningTime.nanoTime() + REPORT_DELAY;
        for (NodeMessage.StreamPosition position : positions) {
            boolean room;
            lock.lock();
            try {
                room = comparisons.size() < MAX_COMPARISONS;
                if (room) {
                    comparisons.add(new PendingComparison(reporter, position, due));
                }
            } finally {
                lock.unlock();
            }
            if (!room) {
                compare(reporter, position);
            }
        }
    }

    /** Continues the requests step by step, and compares the reported positions. */
    void check(long now) {
        byte[] request = null;
        List<PendingComparison> due = new ArrayList<>();
        lock.lock();
        try {
            if (!outage && nextRequestAt != 0 && nextRequestAt - now <= 0) {
                queueRequests(channels.all());
            }
            if (!outage && !requests.isEmpty()) {
                request = NodeMessage.positionRequest(
                        node, Duration.ofNanos(window()).toMillis(), requests.remove());
                answeredAt = now + REPLY_WINDOW;
            }
            while (!comparisons.isEmpty() && comparisons.peek().due() - now <= 0) {
                due.add(comparisons.remove());
            }
        } finally {
            lock.unlock();
        }
        if (request != null) {
            backplane.publish(BackplaneChannel.ALL, request);
        }
        due.forEach(comparison -> compare(comparison.node(), comparison.position()));
    }

    private void compare(long reporter, NodeMessage.StreamPosition position) {
        BackplaneChannel channel = channels.find(position.channel());
        if (channel != null) {
            channel.reconcile(reporter, position, missed);
        }
    }
}
