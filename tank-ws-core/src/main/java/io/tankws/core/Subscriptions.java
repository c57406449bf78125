package io.tankws.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A client's subscriptions by topic, in their order. The map is immutable, and small, while there are less than two, which
 * saves most clients one that can grow; so each change returns the map that holds from then on.
 */
final class Subscriptions {
    private Subscriptions() {}

    /** Adds one to a topic that there is none to. */
    static Map<String, TopicSubscription> with(Map<String, TopicSubscription> before, TopicSubscription added) {
        if (before.isEmpty()) {
            return Map.of(added.topic(), added);
        }
        Map<String, TopicSubscription> after = before instanceof LinkedHashMap ? before : new LinkedHashMap<>(before);
        after.put(added.topic(), added);
        return after;
    }

    /** Removes one that is there. */
    static Map<String, TopicSubscription> without(Map<String, TopicSubscription> before, TopicSubscription removed) {
        if (before.size() == 1) {
            return Map.of();
        }
        before.remove(removed.topic());
        return before;
    }
}
