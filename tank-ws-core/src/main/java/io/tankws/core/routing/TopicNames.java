package io.tankws.core.routing;

import io.tankws.ClientLimits;
import java.nio.charset.StandardCharsets;

/** The rule for topics: any non-empty text up to a maximum length. Topics are data, never patterns. */
public final class TopicNames {
    private TopicNames() {}

    public static String check(String topic, ClientLimits limits) {
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("a topic is not empty");
        }
        // A text has at most as many chars as bytes, so most topics are measured without encoding.
        if (topic.length() * 3 > limits.maxTopicBytes()
                && topic.getBytes(StandardCharsets.UTF_8).length > limits.maxTopicBytes()) {
            throw new IllegalArgumentException("a topic has at most " + limits.maxTopicBytes() + " bytes");
        }
        return topic;
    }
}
