package io.tankws;

import java.util.concurrent.CompletionStage;

/**
 * The sending methods of a {@link Manager}, for code that only publishes.
 *
 * <p>On a standalone manager, each returned stage is already complete: every receiver has the message in its outbox.
 * On a node of a {@link ClusterConfig}, a stage completes when the backplane has the message. The clients of all
 * nodes receive it from there. The stage fails with a {@link BackplaneException} within {@link
 * ClusterConfig#publishTimeout()} if the backplane is not reachable, unless the {@link OutagePolicy} defines another
 * reaction. Each failure is also reported as {@link ErrorCode#PUBLISH_FAILED}, so callers may ignore the stage.
 * Dependent actions may block: they run on a callback thread, or on the thread of the caller if the stage is already
 * complete. An unfinished action counts as one of {@link ClusterConfig#pendingMessages()}.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface Broadcaster {
    /**
     * Sends a message to all clients. Messages of one thread arrive in the order of its calls.
     *
     * @param message the message
     * @return a stage that completes when the message is on its way
     */
    CompletionStage<Void> broadcastMessage(Message message);

    /**
     * Sends a message to all clients except one.
     *
     * @param message the message
     * @param excluded the client that does not receive it
     * @return a stage that completes when the message is on its way
     */
    CompletionStage<Void> broadcastMessage(Message message, Client excluded);

    /**
     * Sends a text to all clients.
     *
     * @param text the text
     * @return a stage that completes when the message is on its way
     * @throws IllegalArgumentException if the text has a lone surrogate; also reported as error 1001
     */
    CompletionStage<Void> broadcastMessage(String text);

    /**
     * Sends a binary message to all clients. The browser client of the Go library cannot read it.
     *
     * @param payload payload; copied
     * @return a stage that completes when the message is on its way
     */
    CompletionStage<Void> broadcastMessage(byte[] payload);

    /**
     * Sends {@code {"topic":TOPIC,"data":DATA}} to the subscribers of a topic. All of them, on all nodes of a
     * cluster, receive the messages of one topic in the same order.
     *
     * @param topic the topic
     * @param data any text; characters that UTF-8 cannot encode are escaped
     * @return a stage that completes when the message is on its way
     * @throws IllegalArgumentException if the topic is empty or too long
     */
    CompletionStage<Void> broadcastTopicMessage(String topic, String data);

    /**
     * Sends a message to every connection of a user, on all nodes of the cluster. On a node it travels like a
     * broadcast, with the same {@link OutagePolicy} and in one order with the broadcasts.
     *
     * @param userId the user
     * @param message the message
     * @return a stage that completes when the message is on its way, with the known number of connections
     */
    CompletionStage<UserDelivery> sendToUser(String userId, Message message);

    /**
     * Sends a text to every connection of a user.
     *
     * @param userId the user
     * @param text the text
     * @return as {@link #sendToUser(String, Message)}
     * @throws IllegalArgumentException if the text has a lone surrogate
     */
    default CompletionStage<UserDelivery> sendToUser(String userId, String text) {
        return sendToUser(userId, Message.text(text));
    }
}
