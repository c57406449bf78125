package io.tankws;

import java.util.concurrent.CompletionStage;

/**
 * The view that one manager has of its {@link ClusterConfig cluster}; see {@link Manager#cluster()}. A manager that
 * is no node of a cluster answers with its own numbers. Safe for use by several threads. Actions that depend on a
 * returned stage may block, as with a {@link Broadcaster}.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface ClusterView {
    /**
     * Returns the state of this node and its counters. Does not ask the backplane.
     *
     * @return the state at the time of the call; {@link ClusterHealth.Status#STANDALONE} without a cluster
     */
    ClusterHealth health();

    /**
     * Counts the connections of all nodes. The count is eventually consistent: each node publishes its counts every
     * second while they change, and the connections of a killed node count for 20 seconds more.
     *
     * @return a stage that completes with the count, or fails with a {@link BackplaneException} within
     *     {@link ClusterConfig#publishTimeout()}; without a cluster, it is complete with the connections of this
     *     manager
     */
    CompletionStage<Long> clientCount();

    /**
     * Counts the subscribers of a topic on all nodes. The count is as eventually consistent as
     * {@link #clientCount()}.
     *
     * @param topic the topic
     * @return a stage that completes with the count, or fails with a {@link BackplaneException} within
     *     {@link ClusterConfig#publishTimeout()}; without a cluster, it is complete with the subscribers on this
     *     manager
     */
    CompletionStage<Long> topicSubscriberCount(String topic);
}
