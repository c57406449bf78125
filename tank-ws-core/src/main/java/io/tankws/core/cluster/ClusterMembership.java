package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.ClusterView;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A manager's place in a cluster: a {@link ClusterNode}, or a {@link StandaloneCluster} without other nodes. */
public interface ClusterMembership extends ClusterView {
    /** Begins to connect. A failed start leaves nothing behind. */
    void start();

    /** Waits for the first connection, a few seconds at most, so that the first publications do not fail. */
    void awaitConnection();

    /** Starts threads that could not be started before. */
    void checkThreads();

    /** Closes the connections of a user to the other nodes. */
    void closeUser(String userId, CloseStatus status);

    /**
     * Has the other nodes carry out a command, which this node has carried out before. Returns a stage that completes
     * when they have confirmed.
     */
    CompletionStage<Void> command(UserCommand command);

    /** Leaves the cluster and releases threads. */
    void close(Duration timeout);
}
