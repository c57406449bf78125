package io.tankws;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The view of the clients that are present in topics, and of the users that are connected. A {@link Manager}
 * implements it. Safe for use by several threads. Actions that depend on a returned stage may block, as with a {@link
 * Broadcaster}.
 *
 * <p>In a cluster, a query asks all nodes with a lease and waits for their answers for at most {@link
 * ClusterConfig#publishTimeout()}. The lease of a killed node expires after 20 seconds. Until then, answers name it as
 * missing. A query fails with a {@link BackplaneException} if the backplane is not available. These are questions of
 * the application, so the {@link TopicAuthorizer} is not asked.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface PresenceView {
    /**
     * Lists the members of a topic on all nodes, those of this node first.
     *
     * @param topic a topic with {@link TopicOptions#hasPresence()}
     * @return a stage with at most {@link ManagerLimits#maxPresenceMembers()} members. It fails with an {@link
     *     IllegalStateException} if the topic has no presence. Without a cluster it is complete
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<Presence> presence(String topic);

    /**
     * Counts the members of a topic and their distinct users on all nodes. The counts are kept at each change, so
     * this is cheap for topics with many members.
     *
     * @param topic a topic with {@link TopicOptions#hasPresence()}
     * @return a stage as in {@link #presence}
     * @throws IllegalArgumentException if it cannot be a topic
     */
    CompletionStage<PresenceCounts> presenceCounts(String topic);

    /**
     * Returns whether a user has an open connection to any node, whatever its topics.
     *
     * @param userId the user
     * @return a stage with {@code true} as soon as one node has a connection of the user, and with {@code false} when
     *     all nodes have answered that they have none. It fails with {@code UNCERTAIN} if no node has a connection and
     *     a node has not answered. Without a cluster it is complete
     */
    CompletionStage<Boolean> isPresent(String userId);

    /**
     * Returns the publisher of the join and leave events of this node: of members whose connection is one of this
     * manager. In a cluster, each event is published on exactly one node. The publisher is hot, and its subscribers
     * have the buffer and the threads of {@link Manager#connectionEvents()}. An event that does not fit into a buffer
     * is lost for that subscriber and counted in {@link Statistics#eventsLost()}.
     *
     * @return the same publisher at each call
     */
    Flow.Publisher<PresenceEvent> presenceEvents();
}
