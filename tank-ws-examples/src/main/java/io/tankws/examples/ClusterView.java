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

/** What the whole cluster counts, asked for at most once a second however many pages look. */
final class ClusterView {
    /** The nodes write their figures no more often. */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    /** One question each: more would be felt by those who publish. */
    private static final int MAX_TOPICS = 1000;

    private final Manager manager;
    private final String name;
    private final int port;
    private final String path;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile Counts counts = new Counts(OptionalLong.empty(), Map.of());
    private volatile long countedAt;
    private volatile boolean counted;

    /** The cluster by this node; what could not be counted in time is not there. */
    record Figures(
            String name, ClusterHealth health, OptionalLong clients, Map<String, Long> topics, int port, String path) {}

    private record Counts(OptionalLong clients, Map<String, Long> topics) {}

    ClusterView(Manager manager, String name, int port, String path) {
        this.manager = manager;
        this.name = name;
        this.port = port;
        this.path = path;
    }

    /** Waits for the backplane as long as a publisher would, unless another caller does; then the last figures do. */
    Figures figures() {
        Counts now = counts();
        return new Figures(name, manager.cluster().health(), now.clients(), now.topics(), port, path);
    }

    private Counts counts() {
        if (System.nanoTime() - countedAt >= FRESH_NANOS || !counted) {
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
            // The health says why.
            return OptionalLong.empty();
        }
    }
}
