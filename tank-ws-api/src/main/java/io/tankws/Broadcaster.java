package io.tankws;

import java.util.concurrent.CompletionStage;

/**
 * Sends to many clients; what a {@link Manager} gives to code that publishes and does nothing else.
 *
 * <p>On a manager alone, each stage that is returned has completed: every receiver has the message in its outbox. On
 * a node of a {@link ClusterConfig} a stage completes when the backplane has the message, and clients, also this
 * node's, get it from there; it fails with a {@link BackplaneException} within {@link ClusterConfig#publishTimeout()}
 * when the backplane cannot be reached, unless the {@link OutagePolicy} says otherwise. Each failure is also an
 * {@link ErrorCode#PUBLISH_FAILED}, so no caller need look at the stage. What depends on a stage may block: it runs
 * on a thread for user code, or on the caller's if the stage has completed already. Until it has ended it counts as
 * one of {@link ClusterConfig#pendingMessages()}.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface Broadcaster {
    /**
     * Sends a message to all clients. Those of one thread arrive in the order of its calls.
     *
     * @param message the message
     * @return completes when it is on its way
     */
    CompletionStage<Void> broadcastMessage(Message message);

    /**
     * Sends a message to all clients but one.
     *
     * @param message the message
     * @param excluded who does not get it
     * @return completes when it is on its way
     */
    CompletionStage<Void> broadcastMessage(Message message, Client excluded);

    /**
     * Sends a text to all clients.
     *
     * @param text the text
     * @return completes when it is on its way
     * @throws IllegalArgumentException if it holds a lone surrogate; also an error 1001
     */
    CompletionStage<Void> broadcastMessage(String text);

    /**
     * Sends a binary message to all clients. The browser client of the Go library cannot read one.
     *
     * @param payload copied
     * @return completes when it is on its way
     */
    CompletionStage<Void> broadcastMessage(byte[] payload);

    /**
     * Sends {@code {"topic":TOPIC,"data":DATA}} to the topic's subscribers. All of them, on all nodes of a cluster,
     * get the messages of one topic in the same order.
     *
     * @param topic the topic
     * @param data any text; what UTF-8 cannot express is escaped
     * @return completes when it is on its way
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<Void> broadcastTopicMessage(String topic, String data);
}
