package io.tankws.core.routing;

import io.tankws.core.event.Counters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All topics that have subscribers. Bounded by clients times topics per client; an empty topic leaves it at once. */
public final class TopicIndex {
    /** Learns of every subscription: before a publisher sees it, and when none does any more. Called under locks. */
    public interface Watcher {
        void subscribing(String topic);

        /** Returns what has to be called without locks in consequence. */
        Optional<Runnable> unsubscribed(String topic);
    }

    private final Counters counters;
    /** {@code null} for nobody; set before the first topic. */
    private Watcher watcher;

    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    public TopicIndex(Counters counters) {
        this.counters = counters;
    }

    public void watch(Watcher watcher) {
        this.watcher = watcher;
    }

    private Topic topic(String name) {
        return new Topic(name, counters);
    }

    public void add(TopicSubscription subscription) {
        if (watcher != null) {
            watcher.subscribing(subscription.topic());
        }
        Topic topic = topics.computeIfAbsent(subscription.topic(), this::topic);
        while (!topic.add(subscription)) {
            // Whoever ended it may be anywhere before its removal; waiting for that would be spinning.
            topics.remove(topic.name, topic);
            topic = topics.computeIfAbsent(subscription.topic(), this::topic);
        }
        subscription.addedTo(topic);
    }

    /** Removes a subscription, and returns what has to be called without locks in consequence. */
    public Optional<Runnable> remove(TopicSubscription subscription) {
        Topic topic = subscription.topic;
        if (topic.remove(subscription)) {
            topics.remove(topic.name, topic);
        }
        return watcher == null ? Optional.empty() : watcher.unsubscribed(topic.name);
    }

    /** Returns {@code null} if nobody is subscribed. */
    public Topic find(String name) {
        return topics.get(name);
    }

    /** Returns how many clients of this node are subscribed to a topic. */
    public int subscriberCount(String name) {
        Topic topic = topics.get(name);
        return topic == null ? 0 : topic.size();
    }

    public Set<String> names() {
        return Set.copyOf(sizes().keySet());
    }

    /** Returns the number of topics; topics that are ending may be counted. */
    public int size() {
        return topics.size();
    }

    /** Returns a copy. */
    public Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new HashMap<>();
        for (Topic topic : topics.values()) {
            int size = topic.size();
            // Not the one that is just ending.
            if (size > 0) {
                sizes.put(topic.name, size);
            }
        }
        return sizes;
    }
}
