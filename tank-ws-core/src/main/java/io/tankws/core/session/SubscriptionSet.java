package io.tankws.core.session;

import io.tankws.core.routing.TopicSubscription;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A client's subscriptions, in their order. Most have one at most and need no map, so what a session keeps is {@link
 * #NONE}, a subscription, or {@link Several}; each change returns what it keeps from then on. Its lock guards them.
 */
final class SubscriptionSet {
    static final Object NONE = null;

    private record Several(Map<String, TopicSubscription> byTopic) {}

    private SubscriptionSet() {}

    /** Adds one to a topic that there is none to. */
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

    /** Removes one that is there. */
    static Object without(Object before, TopicSubscription removed) {
        if (before instanceof Several several && several.byTopic().size() > 1) {
            several.byTopic().remove(removed.topic());
            return several;
        }
        return NONE;
    }

    /** Returns the one to a topic, {@code null} if there is none. */
    static TopicSubscription find(Object all, String topic) {
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
