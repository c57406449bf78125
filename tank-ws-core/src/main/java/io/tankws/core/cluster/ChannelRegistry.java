package io.tankws.core.cluster;

import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.routing.TopicIndex;
import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a node is subscribed to: its own, that of all nodes, and one for each topic with a local
 * subscriber. Bounded like the {@link TopicIndex}, plus the number of channels that stay subscribed for a while after
 * their last subscriber.
 *
 * <p>The lock of the map on a name guards its number of subscribers and orders the requests to the backplane. A
 * caller that sees a local subscription therefore finds a channel that is or will be subscribed.
 */
final class ChannelRegistry implements TopicIndex.InterestListener {
    /**
     * Maximum number of topics without a subscriber that stay subscribed. When it is reached, the oldest one is
     * released.
     */
    static final int MAX_EXPIRING = 16 * 1024;

    private final Backplane backplane;
    private final long grace;
    /** Releases the publishes that wait for a channel. Returns actions to run without locks. */
    private final Function<BackplaneChannel, Runnable> release;

    /** Creator of the followers of topics with history. */
    private final Function<String, @Nullable TopicFollower> followers;

    private final Map<String, BackplaneChannel> byName = new ConcurrentHashMap<>();
    /** Topics whose subscription may expire, with the time of the check. */
    private final Map<String, Long> expiring = new LinkedHashMap<>();

    /**
     * Creates a registry.
     *
     * @param followers function from a topic with history to its follower, or to {@code null} without a shared history
     */
    ChannelRegistry(
            Backplane backplane,
            long grace,
            Function<BackplaneChannel, Runnable> release,
            Function<String, @Nullable TopicFollower> followers) {
        this.followers = followers;
        this.backplane = backplane;
        this.grace = grace;
        this.release = release;
    }

    /** Returns a channel, or {@code null} if this node is not subscribed to it. */
    @Nullable
    BackplaneChannel find(String name) {
        return byName.get(name);
    }

    Collection<BackplaneChannel> all() {
        return byName.values();
    }

    /** Channels of topics, by name. */
    int topicCount() {
        int count = 0;
        for (BackplaneChannel channel : byName.values()) {
            count += channel.topic != null ? 1 : 0;
        }
        return count;
    }

    /** Subscribes to a channel for the life of the node. */
    void subscribePermanently(String name) {
        byName.computeIfAbsent(name, same -> begin(same, null));
    }

    private BackplaneChannel begin(String name, @Nullable TopicFollower follower) {
        BackplaneChannel channel = new BackplaneChannel(name);
        channel.follower = follower;
        subscribe(channel);
        return channel;
    }

    private void subscribe(BackplaneChannel channel) {
        TopicFollower follower = channel.follower;
        Runnable release = () -> this.release.apply(channel).run();
        // Publishes of this node wait until its position in the history of the topic is known.
        backplane.subscribe(channel.name, follower == null ? release : () -> follower.subscribed(release));
    }

    @Override
    public void subscribing(String topic, boolean hasHistory) {
        byName.compute(BackplaneChannel.ofTopic(topic), (name, before) -> {
            BackplaneChannel channel = before;
            if (channel == null) {
                channel = begin(name, hasHistory ? followers.apply(topic) : null);
            } else if (hasHistory && channel.follower == null) {
                channel.follower = followers.apply(topic);
                subscribe(channel);
            }
            channel.subscribers++;
            return channel;
        });
    }

    /** Returns the follower of a topic, or {@code null} if the topic has no history or no subscriber on this node. */
    @Nullable
    TopicFollower follower(String topic) {
        BackplaneChannel channel = byName.get(BackplaneChannel.ofTopic(topic));
        return channel == null ? null : channel.follower;
    }

    /** Checks the positions of the topics with history that are due. */
    void checkPositions(long now, long interval) {
        for (BackplaneChannel channel : byName.values()) {
            TopicFollower follower = channel.follower;
            if (follower != null) {
                follower.checkPosition(now, interval);
            }
        }
    }

    @Override
    public Optional<Runnable> unsubscribed(String topic) {
        boolean[] last = {false};
        byName.computeIfPresent(BackplaneChannel.ofTopic(topic), (name, channel) -> {
            last[0] = --channel.subscribers == 0;
            return channel;
        });
        if (!last[0]) {
            return Optional.empty();
        }
        long now = RunningTime.nanoTime();
        synchronized (expiring) {
            // The new entry follows all that expire earlier.
            expiring.remove(topic);
            expiring.put(topic, now + grace);
            return expiring.size() > MAX_EXPIRING ? Optional.of(() -> leave(now).run()) : Optional.empty();
        }
    }

    /** Unsubscribes from topics that have had no subscriber for a while. Returns actions to run without locks. */
    Runnable leave(long now) {
        DeferredActions then = new DeferredActions();
        for (String topic : due(now)) {
            byName.computeIfPresent(BackplaneChannel.ofTopic(topic), (name, channel) -> {
                if (channel.subscribers > 0) {
                    return channel;
                }
                backplane.unsubscribe(name);
                then.add(release.apply(channel));
                TopicFollower follower = channel.follower;
                if (follower != null) {
                    then.add(follower::close);
                }
                return null;
            });
        }
        return then;
    }

    private List<String> due(long now) {
        List<String> due = new ArrayList<>();
        synchronized (expiring) {
            Iterator<Map.Entry<String, Long>> all = expiring.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<String, Long> next = all.next();
                if (expiring.size() <= MAX_EXPIRING && next.getValue() - now > 0) {
                    break;
                }
                all.remove();
                due.add(next.getKey());
            }
        }
        return due;
    }
}
