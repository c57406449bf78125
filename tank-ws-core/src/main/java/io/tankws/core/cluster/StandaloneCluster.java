package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.ClusterHealth;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.MessageRouter;
import io.tankws.core.routing.Subscriber;
import io.tankws.core.routing.TopicIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The membership of a manager that is no node of a cluster: messages go straight to the clients of this process. */
public final class StandaloneCluster implements ClusterMembership {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final MessageRouter router;
    private final TopicIndex topics;
    private final IntSupplier clients;
    private final ClusterHealth health = NodeHealth.standalone(Instant.now());

    /**
     * Creates a membership.
     *
     * @param clients the number of clients of this process
     */
    public StandaloneCluster(MessageRouter router, TopicIndex topics, IntSupplier clients) {
        this.router = router;
        this.topics = topics;
        this.clients = clients;
    }

    @Override
    public CompletionStage<Void> publish(String topic, String data) {
        router.publish(topic, data, Thread.currentThread());
        return DONE;
    }

    @Override
    public CompletionStage<Void> broadcast(MessageBatch batch, @Nullable Subscriber excluded, Object sender) {
        router.broadcast(batch, excluded, sender);
        return DONE;
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
    public void awaitUp() {}

    @Override
    public void checkThreads() {}

    @Override
    public void closeUser(String userId, CloseStatus status) {}

    @Override
    public CompletionStage<Void> command(UserCommand command) {
        return DONE;
    }

    @Override
    public void close(Duration timeout) {}
}
