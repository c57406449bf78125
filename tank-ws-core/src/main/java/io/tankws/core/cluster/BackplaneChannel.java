package io.tankws.core.cluster;

import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.concurrent.RankedLock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** One channel that a node is, or will be, subscribed to, and how far it has heard each publisher there. */
final class BackplaneChannel {
    /** Of broadcasts and commands. */
    static final String ALL = "b";

    private static final String TOPIC = "t:";
    private static final String NODE = "n:";
    /** Publishers of one channel that are remembered; one more forgets the one that was silent longest. */
    private static final int MOST_PUBLISHERS = 1024;

    /** Receives what did not arrive, and what was dropped. Called under the channel's lock. */
    interface Missed {
        void missed(BackplaneChannel channel, long node, long count, boolean exact);

        /**
         * A letter was dropped because its number came before, or comes late.
         *
         * @param counted whether it has been counted as missed already
         */
        default void stale(BackplaneChannel channel, long node, boolean counted) {}

        /** A letter or head was dropped because its number leaps too far. */
        default void leapt(BackplaneChannel channel, long node) {}
    }

    private static final Runnable NO_REPORT = () -> {};

    final String name;
    /** {@code null} for another channel. */
    final String topic;
    /** What waits until the channel is heard; the {@link ClusterPublisher}' lock guards this and the next. */
    final Set<PendingPublish> held = new LinkedHashSet<>();

    /** Or left: nothing has to wait for it. */
    boolean heard;
    /** Of this node, to the topic; {@link ChannelRegistry} guards it. */
    int subscribers;

    private final RankedLock lock = new RankedLock(RankedLock.Rank.CHANNEL);
    private boolean interrupted;
    private final Map<Long, PublisherProgress> publishers = new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PublisherProgress> eldest) {
            return size() > MOST_PUBLISHERS;
        }
    };

    BackplaneChannel(String name) {
        this.name = name;
        topic = name.startsWith(TOPIC) ? name.substring(TOPIC.length()) : null;
    }

    static String ofTopic(String topic) {
        return TOPIC + topic;
    }

    static String ofNode(String node) {
        return NODE + node;
    }

    /**
     * Requires a kind of letter that nodes send on this channel.
     *
     * @throws IllegalArgumentException if it is another
     */
    void requireKind(byte kind) {
        boolean known = name.equals(ALL)
                ? kind >= NodeMessage.MESSAGES && kind <= NodeMessage.HEADS
                : kind == (topic != null ? NodeMessage.MESSAGES : NodeMessage.HEADS);
        if (!known) {
            throw new IllegalArgumentException("no such kind of letter on this channel");
        }
    }

    /** From now on, until it is heard again, messages may be missed. */
    void interrupt() {
        lock.lock();
        try {
            interrupted = true;
        } finally {
            lock.unlock();
        }
    }

    boolean wasInterrupted() {
        lock.lock();
        try {
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    /** Notes a letter, and returns whether it is new. */
    boolean arrived(NodeMessage letter, Missed missed) {
        PublisherProgress progress;
        PublisherProgress.Arrival arrival;
        Runnable report;
        lock.lock();
        try {
            progress = publishers.get(letter.node);
            if (progress == null) {
                // Whatever came before was published before this node subscribed, unless it was deaf at the time.
                long unsure = interrupted ? letter.sequence - 1 : 0;
                publishers.put(letter.node, new PublisherProgress(letter.stream, letter.sequence, unsure));
                return true;
            }
            arrival = progress.arrived(letter.stream, letter.sequence);
            report = switch (arrival) {
                case TAKEN -> gap(letter.node, progress, missed);
                case STALE, LATE -> () -> missed.stale(this, letter.node, arrival == PublisherProgress.Arrival.LATE);
                case LEAPT -> () -> missed.leapt(this, letter.node);
            };
        } finally {
            lock.unlock();
        }
        report.run();
        return arrival == PublisherProgress.Arrival.TAKEN;
    }

    /** Compares with the publisher's own count; all that it had published then has arrived by now, or never will. */
    void settle(long node, NodeMessage.Head head, Missed missed) {
        DeferredActions reports = new DeferredActions();
        lock.lock();
        try {
            settle(node, head, missed, reports);
        } finally {
            lock.unlock();
        }
        reports.run();
    }

    private void settle(long node, NodeMessage.Head head, Missed missed, DeferredActions reports) {
        PublisherProgress progress = publishers.get(node);
        if (progress == null) {
            publishers.put(node, new PublisherProgress(head.stream(), head.sequence(), 0));
            if (interrupted) {
                reports.add(() -> missed.missed(this, node, head.sequence(), false));
            }
            return;
        }
        long unsure = progress.takeUnsure();
        if (unsure > 0) {
            reports.add(() -> missed.missed(this, node, unsure, false));
        }
        switch (progress.settled(head.stream(), head.sequence(), interrupted)) {
            case TAKEN -> reports.add(gap(node, progress, missed));
            case LEAPT -> reports.add(() -> missed.leapt(this, node));
            default -> {
                // All of it has arrived.
            }
        }
    }

    /** Returns the report of a gap in front of what was taken last. */
    private Runnable gap(long node, PublisherProgress progress, Missed missed) {
        long count = progress.gap();
        boolean exact = progress.isExact();
        return count > 0 ? () -> missed.missed(this, node, count, exact) : NO_REPORT;
    }
}
