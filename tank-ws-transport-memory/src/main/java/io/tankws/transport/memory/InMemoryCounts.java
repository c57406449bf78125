package io.tankws.transport.memory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What the nodes of an {@link InMemoryHub} have left, guarded by it. */
final class InMemoryCounts {
    private final Map<String, Lease> byNode = new HashMap<>();

    private record Lease(Map<String, Long> figures, long deadline) {}

    void put(String node, Map<String, Long> figures, Duration time) {
        // Here too, or nodes that were killed and never asked for would stay.
        lapse();
        byNode.put(node, new Lease(Map.copyOf(figures), System.nanoTime() + time.toNanos()));
    }

    long sumOfOthers(String node, String figure) {
        lapse();
        return byNode.entrySet().stream()
                .filter(lease -> !lease.getKey().equals(node))
                .mapToLong(lease -> lease.getValue().figures().getOrDefault(figure, 0L))
                .sum();
    }

    private void lapse() {
        long now = System.nanoTime();
        byNode.values().removeIf(lease -> lease.deadline() - now <= 0);
    }

    void remove(String node) {
        byNode.remove(node);
    }

    void clear() {
        byNode.clear();
    }
}
