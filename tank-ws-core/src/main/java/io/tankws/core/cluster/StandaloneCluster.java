package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.ClusterHealth;
import io.tankws.Message;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.UserDelivery;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.presence.LocalPresence;
import io.tankws.core.presence.UserCount;
import io.tankws.core.routing.TopicIndex;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;

/** The membership of a manager that is no node of a cluster. Its clients are those of this process. */
public final class StandaloneCluster implements ClusterMembership {
    private final TopicIndex topics;
    private final IntSupplier clients;
    private final LocalPresence presence;
    private final int maxMembers;
    private final LossReporter losses;
    private final ClusterHealth health = NodeHealth.standalone(Instant.now());

    /**
     * Creates a membership.
     *
     * @param clients the number of clients of this process
     * @param maxMembers the maximum number of members in an answer
     */
    public StandaloneCluster(
            TopicIndex topics, IntSupplier clients, LocalPresence presence, int maxMembers, EventDispatcher events) {
        losses = new LossReporter(events, Long::toString);
        this.presence = presence;
        this.maxMembers = maxMembers;
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

    /** Publishes the reports that were not allowed before. */
    @Override
    public void checkThreads() {
        losses.flush(RunningTime.nanoTime());
    }

    @Override
    public void reportNewEpoch(String topic) {
        losses.missedPublications(topic, 1, false);
        losses.flush(RunningTime.nanoTime());
    }

    @Override
    public void closeUser(String userId, CloseStatus status) {}

    @Override
    public CompletionStage<Void> command(UserCommand command) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Presence> presence(String topic) {
        return CompletableFuture.completedStage(presence.members(topic, maxMembers));
    }

    @Override
    public CompletionStage<PresenceCounts> presenceCounts(String topic) {
        UserCount count = presence.count(topic);
        return CompletableFuture.completedStage(new PresenceCounts(count.connections(), count.users(), true, Set.of()));
    }

    @Override
    public CompletionStage<Boolean> isPresent(String userId) {
        return CompletableFuture.completedStage(presence.connections(userId) > 0);
    }

    @Override
    public CompletionStage<UserDelivery> sendToUser(String userId, Message message) {
        return CompletableFuture.completedStage(new UserDelivery(presence.send(userId, message), true));
    }

    @Override
    public void announce(PresenceEvent event) {}

    @Override
    public void close(Duration timeout) {
        losses.close();
    }
}
