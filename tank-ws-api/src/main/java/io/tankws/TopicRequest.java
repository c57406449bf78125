package io.tankws;

import java.util.Objects;
import java.util.Optional;

/**
 * A request of a client for an action on a topic.
 *
 * @param client the client, which may have disconnected in the meantime
 * @param action the requested action
 * @param topic the topic, which is valid
 * @param token the token that the client sent for this topic; empty if there is none, as always on the plain protocol
 *     and when a permission has expired
 * @param data the data that the client sent with the request, which its protocol bounds; empty like the token
 */
public record TopicRequest(
        Client client, TopicAction action, String topic, Optional<String> token, Optional<Payload> data) {
    /**
     * Creates a request.
     *
     * @param client the client
     * @param action the requested action
     * @param topic the topic
     * @param token the token of the client; empty if there is none
     * @param data the data of the client; empty if there is none
     */
    public TopicRequest {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(data, "data");
    }

    /**
     * Creates a request without token and data.
     *
     * @param client the client
     * @param action the requested action
     * @param topic the topic
     */
    public TopicRequest(Client client, TopicAction action, String topic) {
        this(client, action, topic, Optional.empty(), Optional.empty());
    }

    /** Returns client, action and topic, because the token is a secret. */
    @Override
    public String toString() {
        return "TopicRequest[" + client + " " + action + " " + topic + "]";
    }
}
