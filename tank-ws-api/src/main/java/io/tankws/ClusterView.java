package io.tankws;

import java.util.concurrent.CompletionStage;

/**
 * What a {@link Manager} tells of the {@link ClusterConfig} that it is a node of. Safe for use by several threads. What depends on a
 * stage may block, as with a {@link Broadcaster}.
 */
public interface ClusterView {
    /**
     * Counts the connections of all nodes. Eventually consistent: each node writes its figures to the backplane every second
     * while they change, and a node that was killed counts for 20 seconds more. Without a cluster, the connections of this
     * manager.
     *
     * @return completes with the figure, or fails with a {@link BackplaneException} within {@link ClusterConfig#publishTimeout()}
     */
    CompletionStage<Long> clusterClientCount();

    /**
     * Counts the subscribers of a topic on all nodes, as eventually consistent as {@link #clusterClientCount()}.
     *
     * @param topic the topic
     * @return completes with the figure, or fails with a {@link BackplaneException} within {@link ClusterConfig#publishTimeout()}
     */
    CompletionStage<Long> clusterTopicSubscriberCount(String topic);

    /**
     * Tells whether this node hears the others and is heard.
     *
     * @return the state and the figures of now
     */
    ClusterHealth clusterHealth();
}
