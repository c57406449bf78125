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
 * Finds out after an outage what was missed of streams in which nothing more came: the node asks the others how far
 * they are, and tells how far it is itself, since they may have been deaf meanwhile too.
 */
final class GapDetector {
    /** Questions of other nodes that are answered in a second; above it, they are rejected and reported. */
    static final int MAX_ANSWERS_PER_SECOND = 1000;

    /** Clocks tick apart, and what left just before an outage may not have arrived. */
    private static final long MARGIN = Duration.ofSeconds(2).toNanos();
    /** What was published before a head was told has arrived by then, by whatever connection. */
    private static final long SETTLE = Duration.ofSeconds(1).toNanos();
    /** An outage so soon after one may have swallowed the answers. */
    private static final long ANSWERED = Duration.ofSeconds(5).toNanos();
    /** For so long after an outage, whoever comes back is asked too: it may not have heard the first question. */
    private static final long LATE = Duration.ofMinutes(1).toNanos();
    /** Between two rounds of questions, since all may come back at once. */
    private static final long ROUND = Duration.ofSeconds(2).toNanos();
    /** Parted nodes ask each other for what was published since; of longer ago only the outage tells. */
    private static final long LONGEST_PARTING = Duration.ofMinutes(10).toNanos();
    /** Heads that wait to be compared; more are compared at once. */
    private static final int MOST_CLAIMS = 64 * 1024;

    private record Claim(long node, NodeMessage.Head head, long due) {}

    private final long node;
    private final Backplane backplane;
    private final ClusterPublisher departures;
    private final ChannelRegistry channels;
    private final BackplaneChannel.Missed missed;
    private final TokenBucket answers = new TokenBucket(MAX_ANSWERS_PER_SECOND, RunningTime.nanoTime());
    private final Queue<Claim> claims = new ArrayDeque<>();
    private final Deque<List<String>> questions = new ArrayDeque<>();
    private final RankedLock lock = new RankedLock(RankedLock.Rank.HEADS);
    private boolean outage;
    /**
     * Messages may have been missed since then, unless nothing is left to be asked. Real time, as the others measure
     * it.
     */
    private long deafSince;

    private long answeredAt;
    /** When this node last came back, and when it asks again; 0 for never. */
    private long backAt;

    private long askAgainAt;
    /** When this node last came up again, in real time. */
    private long upAt;

    private boolean wasUp;

    GapDetector(
            long node,
            Backplane backplane,
            ClusterPublisher departures,
            ChannelRegistry channels,
            BackplaneChannel.Missed missed) {
        this.node = node;
        this.backplane = backplane;
        this.departures = departures;
        this.channels = channels;
        this.missed = missed;
        answeredAt = RunningTime.nanoTime();
    }

    void down(long since) {
        lock.lock();
        try {
            if (!outage && (answeredAt - RunningTime.nanoTime() <= 0 || since - deafSince < 0)) {
                deafSince = since;
            }
            outage = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks and tells, but for the first time.
     *
     * @param same whether this node cannot have been parted from others before it noticed the outage
     */
    void up(Collection<BackplaneChannel> all, boolean same) {
        long window;
        lock.lock();
        try {
            long now = System.nanoTime();
            long before = upAt;
            boolean first = !wasUp;
            outage = false;
            upAt = now;
            wasUp = true;
            if (first) {
                return;
            }
            long parted = now - before > LONGEST_PARTING ? now - LONGEST_PARTING : before;
            if (!same && parted - deafSince < 0) {
                deafSince = parted;
            }
            backAt = RunningTime.nanoTime();
            window = window();
            ask(all);
        } finally {
            lock.unlock();
        }
        List<NodeMessage.Head> heads = departures.publishedWithin(window);
        if (heads.isEmpty()) {
            // Others may have asked in vain.
            backplane.publish(BackplaneChannel.ALL, NodeMessage.heads(node, List.of()));
        }
        tell(BackplaneChannel.ALL, heads);
    }

    private void ask(Collection<BackplaneChannel> all) {
        askAgainAt = 0;
        answeredAt = RunningTime.nanoTime() + ANSWERED;
        questions.clear();
        List<String> names = new ArrayList<>();
        for (BackplaneChannel channel : all) {
            // Nothing can be published to a longer name.
            if (channel.wasInterrupted() && NodeMessage.fits(channel.name)) {
                names.add(channel.name);
            }
        }
        for (int from = 0; from < names.size(); from += NodeMessage.MAX_CHANNELS) {
            questions.add(List.copyOf(names.subList(from, Math.min(names.size(), from + NodeMessage.MAX_CHANNELS))));
        }
    }

    /** Another node has come back too. */
    void cameBack(long other) {
        lock.lock();
        try {
            long now = RunningTime.nanoTime();
            if (other != node && backAt != 0 && now - backAt < LATE && askAgainAt == 0) {
                askAgainAt = now + ROUND;
            }
        } finally {
            lock.unlock();
        }
    }

    private long window() {
        return System.nanoTime() - deafSince + MARGIN;
    }

    /**
     * Answers another node; returns {@code false} if there are too many questions. Called by the backplane's thread.
     */
    boolean asked(String asker, long nanos, List<String> names) {
        if (!answers.take(RunningTime.nanoTime())) {
            return false;
        }
        List<String> once = names.stream().distinct().toList();
        tell(BackplaneChannel.ofNode(asker), departures.publishedWithin(once, nanos));
        return true;
    }

    private void tell(String channel, List<NodeMessage.Head> heads) {
        for (int from = 0; from < heads.size(); from += NodeMessage.MAX_CHANNELS) {
            List<NodeMessage.Head> some = heads.subList(from, Math.min(heads.size(), from + NodeMessage.MAX_CHANNELS));
            // If it cannot be told, the backplane is about to be down, and this begins anew when it is up.
            backplane.publish(channel, NodeMessage.heads(node, some));
        }
    }

    /** Another node, or this one, tells how far it is. */
    void told(long publisher, List<NodeMessage.Head> heads) {
        long due = RunningTime.nanoTime() + SETTLE;
        for (NodeMessage.Head head : heads) {
            boolean room;
            lock.lock();
            try {
                room = claims.size() < MOST_CLAIMS;
                if (room) {
                    claims.add(new Claim(publisher, head, due));
                }
            } finally {
                lock.unlock();
            }
            if (!room) {
                settle(publisher, head);
            }
        }
    }

    /** Goes on asking, a little each time, and compares what was told. */
    void check(long now) {
        byte[] question = null;
        List<Claim> due = new ArrayList<>();
        lock.lock();
        try {
            if (!outage && askAgainAt != 0 && askAgainAt - now <= 0) {
                ask(channels.all());
            }
            if (!outage && !questions.isEmpty()) {
                question =
                        NodeMessage.headsWanted(node, Duration.ofNanos(window()).toMillis(), questions.remove());
                answeredAt = now + ANSWERED;
            }
            while (!claims.isEmpty() && claims.peek().due() - now <= 0) {
                due.add(claims.remove());
            }
        } finally {
            lock.unlock();
        }
        if (question != null) {
            backplane.publish(BackplaneChannel.ALL, question);
        }
        due.forEach(claim -> settle(claim.node(), claim.head()));
    }

    private void settle(long publisher, NodeMessage.Head head) {
        BackplaneChannel channel = channels.find(head.channel());
        if (channel != null) {
            channel.settle(publisher, head, missed);
        }
    }
}
