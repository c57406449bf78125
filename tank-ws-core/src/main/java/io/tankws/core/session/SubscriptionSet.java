package io.tankws.core.session;

import io.tankws.core.routing.TopicSubscription;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a client, in order. Most clients have at most one and need no map. A session keeps {@link
 * #NONE}, a subscription or {@link Several}, and each change returns the new value. Guarded by the lock of the
 * session.
 */
final class SubscriptionSet {
    static final Object NONE = new Object();

    private record Several(Map<String, TopicSubscription> byTopic) {}

    private SubscriptionSet() {}

    /** Throws {@link IllegalStateException} if a client with these subscriptions may not have another one. */
    static void requireRoom(Object all, int max) {
        if (list(all).size() >= max) {
            throw new IllegalStateException("a client subscribes to at most " + max + " topics");
        }
    }

    /** Adds a subscription to a topic without one. */
    static Object with(Object before, TopicSubscription added) {
        if (before == NONE) {
            return added;
        }
        Several several = before instanceof Several set ? set : new Several(new LinkedHashMap<>(4));
        if (before instanceof TopicSubscription first) {
            several.byTopic().put(first.topic(), first);
        }
        several.byTopic().put(added.topic(), added);
        return several;
    }

    /** Removes an existing subscription. */
    static Object without(Object before, TopicSubscription removed) {
        if (before instanceof Several several && several.byTopic().size() > 1) {
            several.byTopic().remove(removed.topic());
            return several;
        }
        return NONE;
    }

    /** Returns the subscription to a topic, or {@code null} if there is none. */
    static @Nullable TopicSubscription find(Object all, String topic) {
        if (all instanceof Several several) {
            return several.byTopic().get(topic);
        }
        return all instanceof TopicSubscription only && only.topic().equals(topic) ? only : null;
    }

    static Collection<TopicSubscription> list(Object all) {
        if (all instanceof Several several) {
            return several.byTopic().values();
        }
        return all instanceof TopicSubscription only ? List.of(only) : List.of();
    }
}
