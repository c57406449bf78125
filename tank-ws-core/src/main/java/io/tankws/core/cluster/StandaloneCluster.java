package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.ClusterHealth;
import io.tankws.core.routing.TopicIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;

/** The membership of a manager that is no node of a cluster. Its clients are those of this process. */
public final class StandaloneCluster implements ClusterMembership {
    private final TopicIndex topics;
    private final IntSupplier clients;
    private final ClusterHealth health = NodeHealth.standalone(Instant.now());

    /**
     * Creates a membership.
     *
     * @param clients the number of clients of this process
     */
    public StandaloneCluster(TopicIndex topics, IntSupplier clients) {
        this.topics = topics;
        this.clients = clients;
    }

    @Override
    public ClusterHealth health() {
        return health;
    }

    @Override
    public CompletionStage<Long> clientCount() {
        return CompletableFuture.completedStage((long) clients.getAsInt());
    }

    @Override
    public CompletionStage<Long> topicSubscriberCount(String topic) {
        return CompletableFuture.completedStage((long) topics.subscriberCount(Objects.requireNonNull(topic, "topic")));
    }

    @Override
    public void start() {}

    @Override
    public void awaitConnection() {}

    @Override
    public void checkThreads() {}

    @Override
    public void closeUser(String userId, CloseStatus status) {}

    @Override
    public CompletionStage<Void> command(UserCommand command) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close(Duration timeout) {}
}
