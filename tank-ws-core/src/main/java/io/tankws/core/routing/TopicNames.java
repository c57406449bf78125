package io.tankws.core.routing;

import io.tankws.ClientLimits;
import java.nio.charset.StandardCharsets;

/** What can be a topic: any text that is not empty and not too long. It is data, never a pattern. */
public final class TopicNames {
    private TopicNames() {}

    public static String check(String topic, ClientLimits limits) {
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("a topic is not empty");
        }
        // Never more chars than bytes, so the usual topic is not encoded to be measured.
        if (topic.length() * 3 > limits.maxTopicBytes()
                && topic.getBytes(StandardCharsets.UTF_8).length > limits.maxTopicBytes()) {
            throw new IllegalArgumentException("a topic has at most " + limits.maxTopicBytes() + " bytes");
        }
        return topic;
    }
}
