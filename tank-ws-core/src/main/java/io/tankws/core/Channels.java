package io.tankws.core;

import io.tankws.spi.Backplane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels that a node is subscribed to: its own, that of all, and one for each topic with a local subscriber. Bounded
 * as the {@link TopicIndex} is, but for those whose last subscriber has just left.
 */
final class Channels implements TopicIndex.Watcher {
    private final Backplane backplane;
    private final TopicIndex topics;
    private final long grace;
    private final Map<String, Channel> byName = new ConcurrentHashMap<>();
    /** Topics to look at again, and when. */
    private final Map<String, Long> leaving = new LinkedHashMap<>();

    Channels(Backplane backplane, TopicIndex topics, long grace) {
        this.backplane = backplane;
        this.topics = topics;
        this.grace = grace;
    }

    Channel find(String name) {
        return byName.get(name);
    }

    Collection<Channel> all() {
        return byName.values();
    }

    /** Those of topics. */
    int topicCount() {
        int count = 0;
        for (Channel channel : byName.values()) {
            count += channel.topic != null ? 1 : 0;
        }
        return count;
    }

    void want(String name) {
        if (!byName.containsKey(name)) {
            synchronized (this) {
                if (byName.putIfAbsent(name, new Channel(name)) == null) {
                    backplane.subscribe(name);
                }
            }
        }
    }

    @Override
    public void subscribed(String topic) {
        want(Channel.ofTopic(topic));
    }

    @Override
    public synchronized void ended(String topic) {
        // Behind all that end earlier.
        leaving.remove(topic);
        leaving.put(topic, System.nanoTime() + grace);
    }

    /** Leaves the channels of topics that have had no subscriber for a while, and returns them. */
    List<Channel> leave(long now) {
        List<Channel> left = new ArrayList<>();
        synchronized (this) {
            Iterator<Map.Entry<String, Long>> all = leaving.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<String, Long> next = all.next();
                if (next.getValue() - now > 0) {
                    break;
                }
                all.remove();
                leave(next.getKey(), left);
            }
        }
        return left;
    }

    private void leave(String topic, List<Channel> left) {
        if (topics.find(topic) != null) {
            return;
        }
        String name = Channel.ofTopic(topic);
        Channel channel = byName.remove(name);
        if (channel != null) {
            backplane.unsubscribe(name);
            left.add(channel);
        }
        // Who subscribed in between may have found the channel still there.
        if (topics.find(topic) != null) {
            want(name);
        }
    }
}
