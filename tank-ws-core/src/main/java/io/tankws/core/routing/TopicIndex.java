package io.tankws.core.routing;

import io.tankws.Presence;
import io.tankws.PresenceEvent;
import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.event.Counters;
import io.tankws.core.presence.Arrival;
import io.tankws.core.presence.PendingLeave;
import io.tankws.core.presence.TopicMembers;
import io.tankws.core.presence.UserCount;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.spi.ProtocolEncoding;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of all topics with subscribers. Bounded by the number of clients times the topics of a client. A topic
 * without subscribers is removed at once, or when its last member has left.
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

    private static final Presence NO_MEMBERS = new Presence(List.of(), false, Set.of());

    private final Counters counters;
    private final PlainProtocol protocol;
    /** Listener, or {@code null}. Set before the first topic. */
    private @Nullable InterestListener watcher;

    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    public TopicIndex(Counters counters, PlainProtocol protocol) {
        this.counters = counters;
        this.protocol = protocol;
    }

    public void watch(InterestListener watcher) {
        this.watcher = watcher;
    }

    private Topic topic(String name) {
        return new Topic(name, counters, protocol);
    }

    /** Adds a subscription of a client to a topic. */
    public TopicSubscription add(Subscriber subscriber, String name) {
        return add(subscriber, name, protocol, null, null);
    }

    /**
     * Adds a subscription of a client to a topic. {@link #remove} must follow if the start has failed.
     *
     * @param encoding encoding of the publications
     * @param start start of the subscription, or {@code null} if it begins with the next message
     * @param arrival arrival of the client as a member, or {@code null} if the topic has no presence
     */
    public TopicSubscription add(
            Subscriber subscriber,
            String name,
            ProtocolEncoding encoding,
            @Nullable SubscriptionStart start,
            @Nullable Arrival arrival) {
        if (watcher != null) {
            watcher.subscribing(name, start != null && start.isFollowing());
        }
        while (true) {
            Topic topic = topics.computeIfAbsent(name, this::topic);
            TopicSubscription subscription = new TopicSubscription(subscriber, topic, encoding);
            if (topic.add(subscription, start, arrival)) {
                return subscription;
            }
            // The thread that ended the topic may be anywhere before its removal, and a wait for it would be a spin.
            topics.remove(name, topic);
        }
    }

    /** Removes a subscription that has ended. Returns actions to run without locks. */
    public Optional<Runnable> remove(TopicSubscription subscription) {
        return remove(subscription, false);
    }

    /** Removes a subscription whose connection has ended. Returns actions to run without locks. */
    public Optional<Runnable> removeDisconnected(TopicSubscription subscription) {
        return remove(subscription, true);
    }

    private Optional<Runnable> remove(TopicSubscription subscription, boolean isDisconnected) {
        Topic topic = subscription.topic;
        if (topic.remove(subscription, isDisconnected)) {
            topics.remove(topic.name, topic);
        }
        Optional<Runnable> left = topic.membersReport();
        Optional<Runnable> unwatched = watcher == null ? Optional.empty() : watcher.unsubscribed(topic.name);
        return left.isEmpty() || unwatched.isEmpty() ? left.or(() -> unwatched) : both(left.get(), unwatched.get());
    }

    private static Optional<Runnable> both(Runnable first, Runnable second) {
        DeferredActions actions = new DeferredActions();
        actions.add(first);
        actions.add(second);
        return Optional.of(actions);
    }

    /** Removes a member whose grace is over. Called without a lock. */
    public void expire(PendingLeave leave) {
        Topic topic = topics.get(leave.topic());
        if (topic != null && topic.expire(leave)) {
            topics.remove(topic.name, topic);
        }
        leave.report();
    }

    /** Delivers an event to the subscribers that receive presence, in order with the publications of the topic. */
    public void deliver(PresenceEvent event) {
        Topic topic = topics.get(event.topic());
        TopicMembers members = topic == null ? null : topic.deliver(event);
        if (members != null) {
            members.report();
        }
    }

    /** Lists the members of a topic, at most {@code max} of them. */
    public Presence members(String name, int max) {
        Topic topic = topics.get(name);
        return topic == null ? NO_MEMBERS : topic.ofMembers(members -> members.list(max), NO_MEMBERS);
    }

    /** Counts the members of a topic. */
    public UserCount memberCount(String name) {
        Topic topic = topics.get(name);
        return topic == null ? UserCount.NONE : topic.ofMembers(TopicMembers::count, UserCount.NONE);
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

    /** Returns an iterator over the topics. It may miss those that are added later. */
    Iterator<Topic> iterator() {
        return topics.values().iterator();
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
