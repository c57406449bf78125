package io.tankws;

import java.util.Objects;

/**
 * The details of an {@link ErrorCode#AUTHORIZATION_FAILED}: an action on a topic that was denied, or a subscription
 * that has ended for lack of permission.
 *
 * @param action the denied action
 * @param topic the topic, which is text of the client
 * @param reason the reason of {@link TopicDecision.Denied}, or a sentence of the manager
 */
public record TopicDenial(TopicAction action, String topic, String reason) implements ErrorDetails {
    /**
     * Creates the details.
     *
     * @param action the denied action
     * @param topic the topic
     * @param reason one sentence
     */
    public TopicDenial {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(reason, "reason");
    }
}
