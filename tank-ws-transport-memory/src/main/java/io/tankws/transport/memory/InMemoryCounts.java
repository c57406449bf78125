package io.tankws.transport.memory;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The counts that the nodes of an {@link InMemoryHub} have published. The hub guards them. */
final class InMemoryCounts {
    private final Map<String, Lease> byNode = new HashMap<>();

    private record Lease(Map<String, Long> figures, long deadline) {}

    void put(String node, Map<String, Long> figures, Duration time) {
        // Expired counts are removed here too. Otherwise those of stopped nodes would stay if no node asks for a sum.
        removeExpired();
        byNode.put(node, new Lease(Map.copyOf(figures), System.nanoTime() + time.toNanos()));
    }

    long sumOfOthers(String node, String figure) {
        removeExpired();
        return byNode.entrySet().stream()
                .filter(lease -> !lease.getKey().equals(node))
                .mapToLong(lease -> lease.getValue().figures().getOrDefault(figure, 0L))
                .sum();
    }

    Set<String> others(String node) {
        removeExpired();
        Set<String> others = new HashSet<>(byNode.keySet());
        others.remove(node);
        return others;
    }

    private void removeExpired() {
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
