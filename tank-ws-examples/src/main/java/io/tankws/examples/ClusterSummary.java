package io.tankws.examples;

import io.tankws.ClusterHealth;
import io.tankws.Manager;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The counts of the whole cluster, read at most once a second for all pages together. */
final class ClusterSummary {
    /** The age of the counts above which they are read again. The nodes write theirs every second. */
    private static final long MAX_AGE_NANOS = Duration.ofSeconds(1).toNanos();

    /** The most topics that are counted. Each one costs a query to the backplane, which delays publishers. */
    private static final int MAX_TOPICS = 1000;

    private final Manager manager;
    private final String name;
    private final int port;
    private final String path;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile Counts counts = new Counts(OptionalLong.empty(), Map.of());
    private volatile long countedAt;
    private volatile boolean counted;

    /** The cluster as this node sees it, without the counts that did not arrive in time. */
    record Figures(
            String name, ClusterHealth health, OptionalLong clients, Map<String, Long> topics, int port, String path) {}

    private record Counts(OptionalLong clients, Map<String, Long> topics) {}

    ClusterSummary(Manager manager, String name, int port, String path) {
        this.manager = manager;
        this.name = name;
        this.port = port;
        this.path = path;
    }

    /**
     * Returns the counts. Waits for the backplane for at most the publish timeout. While another caller waits, it
     * returns the latest counts at once.
     */
    Figures figures() {
        Counts now = counts();
        return new Figures(name, manager.cluster().health(), now.clients(), now.topics(), port, path);
    }

    private Counts counts() {
        if (System.nanoTime() - countedAt >= MAX_AGE_NANOS || !counted) {
            if (counting.compareAndSet(false, true)) {
                try {
                    counts = count(manager.getAllTopics());
                    countedAt = System.nanoTime();
                    counted = true;
                } finally {
                    counting.set(false);
                }
            }
        }
        return counts;
    }

    private Counts count(Collection<String> localTopics) {
        CompletableFuture<Long> clients = future(manager.cluster().clientCount());
        Map<String, CompletableFuture<Long>> asked = new HashMap<>();
        for (String topic : localTopics.stream().sorted().limit(MAX_TOPICS).toList()) {
            asked.put(topic, future(manager.cluster().topicSubscriberCount(topic)));
        }
        Map<String, Long> topics = new TreeMap<>();
        asked.forEach((topic, answer) -> value(answer).ifPresent(count -> topics.put(topic, count)));
        return new Counts(value(clients), topics);
    }

    private static CompletableFuture<Long> future(CompletionStage<Long> stage) {
        return stage.toCompletableFuture();
    }

    private static OptionalLong value(CompletableFuture<Long> answer) {
        try {
            return OptionalLong.of(answer.join());
        } catch (CompletionException e) {
            // The health has the reason.
            return OptionalLong.empty();
        }
    }
}
