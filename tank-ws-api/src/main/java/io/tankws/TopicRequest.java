package io.tankws;

import java.util.Objects;

/**
 * A request of a client for an action on a topic.
 *
 * @param client the client, which may have disconnected in the meantime
 * @param action the requested action
 * @param topic the topic, which is valid
 */
public record TopicRequest(Client client, TopicAction action, String topic) {
    /**
     * Creates a request.
     *
     * @param client the client
     * @param action the requested action
     * @param topic the topic
     */
    public TopicRequest {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(topic, "topic");
    }
}
