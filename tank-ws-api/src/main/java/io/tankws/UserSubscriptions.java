package io.tankws;

import java.util.concurrent.CompletionStage;

/**
 * The subscriptions of users, each of which may have several connections. A {@link Manager} implements it. Safe for use
 * by several threads. Actions that depend on a returned stage may block, as with a {@link Broadcaster}.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface UserSubscriptions {
    /**
     * Subscribes every connection of a user to a topic, on all nodes of the cluster. This is a decision of the
     * application, so the {@link TopicAuthorizer} is not asked. Connections that open later are not subscribed. A
     * connection that has {@link ClientLimits#maxTopics()} subscriptions is an {@link ErrorCode#LIMIT_EXCEEDED}.
     *
     * @param userId the user
     * @param topic any text of 1 to {@link ClientLimits#maxTopicBytes()} bytes
     * @return a stage as in {@link #revoke}
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<Void> subscribeUser(String userId, String topic);

    /**
     * Ends the subscriptions of every connection of a user to a topic, on all nodes of the cluster. The user may
     * subscribe again, and a {@code sub:} that waits for the {@link TopicAuthorizer} is not affected.
     *
     * @param userId the user
     * @param topic the topic
     * @return a stage as in {@link #revoke}
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<Void> unsubscribeUser(String userId, String topic);

    /**
     * Revokes the access of a user to a topic, on all nodes of the cluster. Ends the subscriptions of every
     * connection of the user to the topic, and denies those that wait for the {@link TopicAuthorizer}. Each is an
     * {@link ErrorCode#AUTHORIZATION_FAILED}.
     *
     * <p>After the stage has completed, no node delivers a later publication of the topic to a connection that was
     * subscribed before. A later {@code sub:} is a new request, so the authorizer must know of the revocation before
     * this call.
     *
     * <p>In a cluster, every node must confirm. A node counts as long as its lease lasts, 20 seconds after it was last
     * connected to the backplane. A node that was disconnected for longer asks the authorizer again for all
     * subscriptions of its clients when it returns.
     *
     * @param userId the user
     * @param topic the topic
     * @return a stage that completes when all nodes have confirmed, or fails with a {@link BackplaneException} within
     *     three times {@link ClusterConfig#publishTimeout()}: {@code UNCERTAIN} if a node has not confirmed, otherwise
     *     as for a publish. This node has obeyed in every case. Without a cluster, the stage is complete
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<Void> revoke(String userId, String topic);
}
