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

/**
 * The channels that a node is subscribed to: its own, that of all, and one for each topic with a local subscriber.
 * Bounded as the {@link TopicIndex} is, and by how many whose last subscriber has left may linger.
 *
 * <p>The map's lock on a name guards its number of subscribers and makes the order of what the backplane is told of
 * it. So whoever sees a subscription finds a channel that is heard, or will be.
 */
final class ChannelRegistry implements TopicIndex.Watcher {
    /** Topics without a subscriber that are still heard for their grace; one more has the oldest left at once. */
    static final int MOST_LEAVING = 16 * 1024;

    private final Backplane backplane;
    private final long grace;
    /** Lets go what waits for a channel, and returns what is to be done outside of locks. */
    private final Function<BackplaneChannel, Runnable> release;

    private final Map<String, BackplaneChannel> byName = new ConcurrentHashMap<>();
    /** Topics to look at again, and when. */
    private final Map<String, Long> leaving = new LinkedHashMap<>();

    ChannelRegistry(Backplane backplane, long grace, Function<BackplaneChannel, Runnable> release) {
        this.backplane = backplane;
        this.grace = grace;
        this.release = release;
    }

    BackplaneChannel find(String name) {
        return byName.get(name);
    }

    Collection<BackplaneChannel> all() {
        return byName.values();
    }

    /** Those of topics. */
    int topicCount() {
        int count = 0;
        for (BackplaneChannel channel : byName.values()) {
            count += channel.topic != null ? 1 : 0;
        }
        return count;
    }

    /** For good. */
    void want(String name) {
        byName.computeIfAbsent(name, this::begin);
    }

    private BackplaneChannel begin(String name) {
        BackplaneChannel channel = new BackplaneChannel(name);
        backplane.subscribe(name, () -> release.apply(channel).run());
        return channel;
    }

    @Override
    public void subscribing(String topic) {
        byName.compute(BackplaneChannel.ofTopic(topic), (name, before) -> {
            BackplaneChannel channel = before == null ? begin(name) : before;
            channel.subscribers++;
            return channel;
        });
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
        synchronized (leaving) {
            // Behind all that end earlier.
            leaving.remove(topic);
            leaving.put(topic, now + grace);
            return leaving.size() > MOST_LEAVING ? Optional.of(() -> leave(now).run()) : Optional.empty();
        }
    }

    /**
     * Leaves the channels of topics that have had no subscriber for a while, and returns what is to be done
     * thereafter.
     */
    Runnable leave(long now) {
        DeferredActions then = new DeferredActions();
        for (String topic : due(now)) {
            byName.computeIfPresent(BackplaneChannel.ofTopic(topic), (name, channel) -> {
                if (channel.subscribers > 0) {
                    return channel;
                }
                backplane.unsubscribe(name);
                then.add(release.apply(channel));
                return null;
            });
        }
        return then;
    }

    private List<String> due(long now) {
        List<String> due = new ArrayList<>();
        synchronized (leaving) {
            Iterator<Map.Entry<String, Long>> all = leaving.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<String, Long> next = all.next();
                if (leaving.size() <= MOST_LEAVING && next.getValue() - now > 0) {
                    break;
                }
                all.remove();
                due.add(next.getKey());
            }
        }
        return due;
    }
}
