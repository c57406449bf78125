package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.ClusterView;
import io.tankws.Message;
import io.tankws.PresenceEvent;
import io.tankws.UserDelivery;
import io.tankws.core.presence.ClusterPresenceView;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A manager's place in a cluster: a {@link ClusterNode}, or a {@link StandaloneCluster} without other nodes. */
public interface ClusterMembership extends ClusterView, ClusterPresenceView {
    /** Begins to connect. A failed start leaves nothing behind. */
    void start();

    /** Waits for the first connection, a few seconds at most, so that the first publications do not fail. */
    void awaitConnection();

    /** Starts threads that could not be started before. */
    void checkThreads();

    /** Reports that a topic with subscribers on this node has a new epoch. Called without locks. */
    void reportNewEpoch(String topic);

    /** Closes the connections of a user to the other nodes. */
    void closeUser(String userId, CloseStatus status);

    /**
     * Has the other nodes carry out a command, which this node has carried out before. Returns a stage that completes
     * when they have confirmed.
     */
    CompletionStage<Void> command(UserCommand command);

    /** Returns whether a user has a connection to any node. */
    CompletionStage<Boolean> isPresent(String userId);

    /** Sends a message to the connections of a user to all nodes. */
    CompletionStage<UserDelivery> sendToUser(String userId, Message message);

    /** Publishes a join or a leave of a member of this node to the other nodes. */
    void announce(PresenceEvent event);

    /** Leaves the cluster and releases threads. */
    void close(Duration timeout);
}
