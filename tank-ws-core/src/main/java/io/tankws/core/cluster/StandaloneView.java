package io.tankws.core.cluster;

import io.tankws.ClusterHealth;
import io.tankws.ClusterView;
import io.tankws.Manager;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The view of a manager that is no node of a cluster: its own numbers. */
public final class StandaloneView implements ClusterView {
    private final Manager manager;
    private final ClusterHealth health = NodeHealth.standalone(Instant.now());

    public StandaloneView(Manager manager) {
        this.manager = manager;
    }

    @Override
    public ClusterHealth health() {
        return health;
    }

    @Override
    public CompletionStage<Long> clientCount() {
        return CompletableFuture.completedStage((long) manager.getClientCount());
    }

    @Override
    public CompletionStage<Long> topicSubscriberCount(String topic) {
        Objects.requireNonNull(topic, "topic");
        return CompletableFuture.completedStage((long) manager.getTopicSubscriberCount(topic));
    }
}
