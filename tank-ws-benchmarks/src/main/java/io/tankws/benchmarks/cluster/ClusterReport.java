package io.tankws.benchmarks.cluster;

import io.tankws.benchmarks.load.DeliveryChecker;
import io.tankws.benchmarks.report.Results;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The differences between two samples of a run, by result name. */
final class ClusterReport {
    private static final double MICROS = 1e6;

    private ClusterReport() {}

    static void put(Map<String, Object> result, ClusterVariant variant, ClusterSample from, ClusterSample to) {
        String publisher = variant.publisher();
        double published = to.since(from, publisher, "published");
        double seconds = (to.nanos() - from.nanos()) / 1e9;
        result.put("seconds", seconds);
        result.put("messages_per_s", published / to.since(from, publisher, "nanos") * 1e9);
        double deliveries =
                variant.receivers() > 0 ? to.since(from, publisher, "heard") : to.deliveries() - from.deliveries();
        result.put("deliveries_per_s", deliveries / seconds);
        result.put("publisher_cpu_us", to.since(from, publisher, "cpu_ns") / 1e3 / published);
        variant.hearing().stream()
                .filter(node -> !node.equals(publisher))
                .mapToDouble(node -> to.since(from, node, "cpu_ns") / 1e3 / published)
                .average()
                .ifPresent(cpu -> result.put("receiver_cpu_us", cpu));
        double redis = to.redis().cpuSeconds() - from.redis().cpuSeconds();
        result.put("redis_cpu_us", redis * MICROS / published);
        result.put("redis_cpu_share", redis / seconds);
        result.put("redis_bytes_in", (to.redis().bytesIn() - from.redis().bytesIn()) / published);
        result.put("redis_bytes_out", (to.redis().bytesOut() - from.redis().bytesOut()) / published);
        double clients = to.clientsCpu() - from.clientsCpu();
        result.put("client_cpu_share", clients / seconds);
        double ours = to.nodesCpu() - from.nodesCpu() + clients + redis;
        result.put("other_cpu_s", to.machine() - from.machine() - ours);
    }

    /** Returns the mode of the run. A run with faults has a mode of its own, which keeps it out of all figures. */
    static void putFaults(
            Map<String, Object> result,
            ClusterVariant variant,
            List<NodeClients> clients,
            ClusterSample before,
            ClusterSample end) {
        String publisher = variant.publisher();
        double lost = variant.receivers() > 0
                ? Math.abs(variant.receivers() * end.since(before, publisher, "published")
                                - end.since(before, variant.listener(), "heard"))
                        + end.since(before, variant.listener(), "listener_faults")
                : 0;
        result.put("lost", lost + sum(clients, checker -> checker.lost));
        result.put("duplicated", (double) sum(clients, checker -> checker.duplicated));
        result.put("reordered", (double) sum(clients, checker -> checker.reordered));
        result.put("corrupt", (double) sum(clients, checker -> checker.corrupt));
        result.put("disconnected", (double) sum(clients, checker -> checker.disconnected));
        result.put("missed", all(before, end, "missed"));
        result.put("publish_failures", all(before, end, "publish_failures") + end.since(before, publisher, "failed"));
        if (Results.faults(result) > 0) {
            result.put("mode", variant.mode() + ", faulty");
        }
    }

    private static double all(ClusterSample before, ClusterSample end, String figure) {
        return end.nodes().keySet().stream()
                .mapToDouble(node -> end.since(before, node, figure))
                .sum();
    }

    private static long sum(List<NodeClients> clients, ToLongFunction<DeliveryChecker> count) {
        return clients.stream().mapToLong(node -> node.ask(count::applyAsLong)).sum();
    }

    /** Adds the latency, with several nodes that of the slowest. */
    static void putTimes(
            Map<String, Object> result, ClusterVariant variant, List<NodeClients> clients, ClusterSample to) {
        for (String name : List.of("p50_ms", "p99_ms")) {
            double share = name.equals("p50_ms") ? 0.5 : 0.99;
            clients.stream()
                    .filter(node -> node.ask(checker -> checker.histogram.count()) > 0)
                    .map(node -> node.ask(checker -> checker.histogram.millis(share)))
                    .max(Comparator.naturalOrder())
                    .ifPresent(millis -> result.put(name, millis));
            if (variant.receivers() > 0 && to.node(variant.listener()).get(name) instanceof Double millis) {
                result.put(name, millis);
            }
        }
    }
}
