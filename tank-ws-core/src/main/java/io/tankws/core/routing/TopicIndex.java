package io.tankws.core.routing;

import io.tankws.core.event.Counters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of all topics with subscribers. Bounded by the number of clients times the topics of a client. A topic
 * without subscribers is removed at once.
 */
public final class TopicIndex {
    /**
     * A listener of the interest in topics. It is called before a publisher sees the first subscription, and after
     * the last one. Called under locks.
     */
    public interface InterestListener {
        /** Called with whether the topic has a history that this node follows. */
        void subscribing(String topic, boolean hasHistory);

        /** Returns actions to run without locks. */
        Optional<Runnable> unsubscribed(String topic);
    }

    private final Counters counters;
    /** Listener, or {@code null}. Set before the first topic. */
    private @Nullable InterestListener watcher;

    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    public TopicIndex(Counters counters) {
        this.counters = counters;
    }

    public void watch(InterestListener watcher) {
        this.watcher = watcher;
    }

    private Topic topic(String name) {
        return new Topic(name, counters);
    }

    /** Adds a subscription of a client to a topic. */
    public TopicSubscription add(Subscriber subscriber, String name) {
        return add(subscriber, name, null);
    }

    /**
     * Adds a subscription of a client to a topic.
     *
     * @param start start of the subscription, or {@code null} if it begins with the next message
     */
    public TopicSubscription add(Subscriber subscriber, String name, @Nullable SubscriptionStart start) {
        if (watcher != null) {
            watcher.subscribing(name, start != null);
        }
        while (true) {
            Topic topic = topics.computeIfAbsent(name, this::topic);
            TopicSubscription subscription = new TopicSubscription(subscriber, topic);
            if (topic.add(subscription, start)) {
                return subscription;
            }
            // The thread that ended the topic may be anywhere before its removal, and a wait for it would be a spin.
            topics.remove(name, topic);
        }
    }

    /** Removes a subscription. Returns actions to run without locks. */
    public Optional<Runnable> remove(TopicSubscription subscription) {
        Topic topic = subscription.topic;
        if (topic.remove(subscription)) {
            topics.remove(topic.name, topic);
        }
        return watcher == null ? Optional.empty() : watcher.unsubscribed(topic.name);
    }

    /**
     * Returns a topic, or creates one for a publication to a topic that no client is subscribed to. {@link
     * #removeIfUnused} must follow.
     */
    Topic findOrCreate(String name) {
        return topics.computeIfAbsent(name, this::topic);
    }

    void removeIfUnused(Topic topic) {
        if (topic.endIfUnused()) {
            topics.remove(topic.name, topic);
        }
    }

    /** Returns a topic, or {@code null} if it has no subscribers. */
    public @Nullable Topic find(String name) {
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
            // A topic that is ending does not count.
            if (size > 0) {
                sizes.put(topic.name, size);
            }
        }
        return sizes;
    }
}
