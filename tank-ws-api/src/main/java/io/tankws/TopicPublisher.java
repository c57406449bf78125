package io.tankws;

import java.util.concurrent.CompletionStage;

/**
 * The way to publish to topics with options, and to read what their histories keep. A {@link Manager} implements it.
 * Safe for use by several threads. Publishing never waits for a client. Actions that depend on a returned stage may
 * block, as with a {@link Broadcaster}.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface TopicPublisher {
    /**
     * Publishes to the subscribers of a topic, and keeps the publication if the topic has a history. Clients of the
     * plain protocol receive a TEXT payload and a JSON string as {@code data}, and any other JSON payload as its JSON
     * text. They cannot receive a BINARY payload, which counts as {@link DropReason#NOT_REPRESENTABLE} for each.
     *
     * <p>On a node of a cluster, an excluded client is a client of this node.
     *
     * @param topic any text of 1 to {@link ClientLimits#maxTopicBytes()} bytes
     * @param payload the content
     * @param options the options of this call
     * @return a stage with the position of the publication, {@link StreamPosition#NONE} if it is not kept. Without a
     *     cluster it is complete. On a node it fails as that of {@link Broadcaster#broadcastTopicMessage}
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<StreamPosition> publish(String topic, Payload payload, PublishOptions options);

    /**
     * Publishes with the {@linkplain PublishOptions#defaults() default options}.
     *
     * @param topic as in {@link #publish(String, Payload, PublishOptions)}
     * @param payload the content
     * @return as in {@link #publish(String, Payload, PublishOptions)}
     */
    default CompletionStage<StreamPosition> publish(String topic, Payload payload) {
        return publish(topic, payload, PublishOptions.defaults());
    }

    /**
     * Reads the history of a topic.
     *
     * @param topic the topic
     * @param query the query
     * @return a stage with a page, or with an {@link UnknownPosition}; it fails with an {@link IllegalStateException}
     *     if the topic has no history, and on a node with a {@link BackplaneException} if the history cannot be read
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<HistoryResult> history(String topic, HistoryQuery query);

    /**
     * Removes the publications from the history of a topic. Epoch and offset continue. Does nothing if there are none.
     *
     * @param topic the topic
     * @return a stage that completes when they are removed
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<Void> removeHistory(String topic);
}
