package io.tankws.core.cluster;

import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.concurrent.RankedLock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A channel that a node is or will be subscribed to, with the position of each publisher there. */
final class BackplaneChannel {
    /** Name of the channel of broadcasts and commands. */
    static final String ALL = "b";

    /** Beginning of the names of channels that carry a topic. */
    static final String TOPIC = "t:";

    private static final String NODE = "n:";
    /**
     * Maximum number of remembered publishers of a channel. A further one replaces the one that was silent longest.
     */
    private static final int MAX_PUBLISHERS = 1024;

    /** A receiver of lost and dropped messages. Called under the lock of the channel. */
    interface Missed {
        void missed(BackplaneChannel channel, long node, long count, boolean exact);

        /**
         * Called when a message is dropped because its offset was received before or is late.
         *
         * @param counted true if it has been counted as missed
         */
        default void stale(BackplaneChannel channel, long node, boolean counted) {}

        /** Called when a message or position is dropped because its offset leaps too far. */
        default void leapt(BackplaneChannel channel, long node) {}
    }

    private static final Runnable NO_REPORT = () -> {};

    final String name;
    /** Topic, or {@code null} for the other channels. */
    final @Nullable String topic;
    /**
     * Publishes that wait for the subscription. The lock of {@link ClusterPublisher} guards this field and the next.
     */
    final Set<PendingPublish<?>> awaitingSubscription = new LinkedHashSet<>();

    /** True if the channel is subscribed or released, so that no publish must wait for it. */
    boolean subscribed;
    /** Publications of the topic, or {@code null} if it has no history. Written by {@link ChannelRegistry}. */
    volatile @Nullable TopicFollower follower;
    /** Number of local subscribers of the topic. Guarded by {@link ChannelRegistry}. */
    int subscribers;

    private final RankedLock lock = new RankedLock(RankedLock.Rank.CHANNEL);
    private boolean interrupted;
    private final Map<Long, PublisherProgress> publishers = new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PublisherProgress> eldest) {
            return size() > MAX_PUBLISHERS;
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
     * Requires a kind of message that nodes send on this channel.
     *
     * @throws IllegalArgumentException if it is another kind
     */
    void requireKind(byte kind) {
        boolean known = topic != null ? isOfTopics(kind) : name.equals(ALL) ? isOfAll(kind) : isOfNodes(kind);
        if (!known) {
            throw new IllegalArgumentException("no such kind of node message on this channel");
        }
    }

    private static boolean isOfTopics(byte kind) {
        return kind == NodeMessage.MESSAGES || kind == NodeMessage.PUBLICATION || kind == NodeMessage.PRESENCE;
    }

    private static boolean isOfAll(byte kind) {
        return kind >= NodeMessage.MESSAGES && kind <= NodeMessage.COMMAND
                || kind == NodeMessage.QUESTION
                || kind == NodeMessage.USER_MESSAGE;
    }

    private static boolean isOfNodes(byte kind) {
        return kind == NodeMessage.POSITION_REPORT || kind == NodeMessage.CONFIRMATION || kind == NodeMessage.ANSWER;
    }

    /** Records that messages may be missed until the channel is subscribed again. */
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

    /** Records a message. Returns whether it is new. */
    boolean receive(NodeMessage message, Missed missed) {
        PublisherProgress progress;
        PublisherProgress.Arrival arrival;
        Runnable report;
        lock.lock();
        try {
            progress = publishers.get(message.node);
            if (progress == null) {
                // Earlier messages were published before this node subscribed, unless its input was lost at that time.
                long possiblyMissed = interrupted ? message.offset - 1 : 0;
                publishers.put(message.node, new PublisherProgress(message.epoch, message.offset, possiblyMissed));
                return true;
            }
            arrival = progress.receive(message.epoch, message.offset);
            report = switch (arrival) {
                case TAKEN -> gap(message.node, progress, missed);
                case STALE, LATE -> () -> missed.stale(this, message.node, arrival == PublisherProgress.Arrival.LATE);
                case LEAPT -> () -> missed.leapt(this, message.node);
            };
        } finally {
            lock.unlock();
        }
        report.run();
        return arrival == PublisherProgress.Arrival.TAKEN;
    }

    /**
     * Compares the position with the one that the publisher reports. All messages up to it have arrived or are lost.
     */
    void reconcile(long node, NodeMessage.StreamPosition position, Missed missed) {
        DeferredActions reports = new DeferredActions();
        lock.lock();
        try {
            reconcile(node, position, missed, reports);
        } finally {
            lock.unlock();
        }
        reports.run();
    }

    private void reconcile(long node, NodeMessage.StreamPosition position, Missed missed, DeferredActions reports) {
        PublisherProgress progress = publishers.get(node);
        if (progress == null) {
            publishers.put(node, new PublisherProgress(position.epoch(), position.offset(), 0));
            if (interrupted) {
                reports.add(() -> missed.missed(this, node, position.offset(), false));
            }
            return;
        }
        long possiblyMissed = progress.takePossiblyMissed();
        if (possiblyMissed > 0) {
            reports.add(() -> missed.missed(this, node, possiblyMissed, false));
        }
        switch (progress.reconcile(position.epoch(), position.offset(), interrupted)) {
            case TAKEN -> reports.add(gap(node, progress, missed));
            case LEAPT -> reports.add(() -> missed.leapt(this, node));
            default -> {
                // All messages of the publisher have arrived.
            }
        }
    }

    /** Returns the report of a gap before the last recorded message. */
    private Runnable gap(long node, PublisherProgress progress, Missed missed) {
        long count = progress.gap();
        boolean exact = progress.isExact();
        return count > 0 ? () -> missed.missed(this, node, count, exact) : NO_REPORT;
    }
}
