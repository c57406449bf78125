package io.tankws.benchmarks.cluster;

import io.lettuce.core.api.sync.RedisServerCommands;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.LoadException;
import io.tankws.benchmarks.report.ProcFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run of one variant, from the connections of its clients to its result. */
final class ClusterRun implements AutoCloseable {
    private static final long HEARD_NANOS = 20_000_000_000L;
    private static final long DRAIN_NANOS = 5_000_000_000L;
    private static final long LOOK_MILLIS = 20;

    private final ClusterCostOptions options;
    private final ClusterVariant variant;
    private final String topic;
    private final Map<String, NodeProcess> processes;
    private final NodeProcess publisher;
    private final RedisServerCommands<String, String> redis;
    private final List<NodeClients> clients = new ArrayList<>();
    private volatile boolean connected;
    private long reported;

    private ClusterRun(
            ClusterCostOptions options,
            ClusterVariant variant,
            String topic,
            Map<String, NodeProcess> processes,
            RedisServerCommands<String, String> redis) {
        this.options = options;
        this.variant = variant;
        this.topic = topic;
        this.processes = processes;
        this.redis = redis;
        publisher = processes.get(variant.publisher());
    }

    static Map<String, Object> run(
            ClusterCostOptions options,
            ClusterVariant variant,
            String topic,
            Map<String, NodeProcess> processes,
            RedisServerCommands<String, String> redis)
            throws IOException, UsageException {
        try (ClusterRun run = new ClusterRun(options, variant, topic, processes, redis)) {
            run.connect();
            return run.measure();
        }
    }

    private void connect() throws IOException, UsageException {
        int window = variant.isPaced() ? 0 : options.window();
        publisher.ask("prepare " + topic + " " + window + " " + variant.rate());
        if (!variant.listener().isEmpty()) {
            processes
                    .get(variant.listener())
                    .ask("listen " + topic + " " + variant.receivers() + " " + variant.sharedThread());
        }
        for (String name : variant.hearing()) {
            NodeProcess node = processes.get(name);
            clients.add(NodeClients.connect(node.port(), variant.clients(), topic, options.size(), this::progress));
            long deadline = System.nanoTime() + HEARD_NANOS;
            while ((double) node.ask("count " + topic).get("count") < variant.clients()) {
                pause(LOOK_MILLIS / 1e3, deadline);
            }
        }
        connected = true;
        awaitHeard();
    }

    /** Waits for the subscriptions of the nodes at Redis, which follow those of their clients. */
    private void awaitHeard() throws IOException {
        long deadline = System.nanoTime() + HEARD_NANOS;
        while (clients.stream().anyMatch(node -> node.ask(checker -> checker.hellos) < variant.clients())) {
            publisher.ask("hello " + topic);
            pause(LOOK_MILLIS / 1e3, deadline);
        }
    }

    /** Reports to the publisher how many messages have reached all receivers. Called by the reading threads. */
    private void progress() {
        if (!connected || variant.isPaced()) {
            return;
        }
        synchronized (this) {
            long all = clients.stream().mapToLong(NodeClients::completed).min().orElse(0);
            if (all - reported >= NodePublishing.step(options.window())) {
                reported = all;
                publisher.send("seen " + all);
            }
        }
    }

    private Map<String, Object> measure() throws IOException {
        ClusterSample before = sample();
        publisher.ask("start");
        pause(options.warmUp(), Long.MAX_VALUE);
        if (!variant.listener().isEmpty()) {
            processes.get(variant.listener()).ask("record");
        }
        clients.forEach(node -> node.ask(checker -> checker.recording = variant.isPaced()));
        ClusterSample from = sample();
        pause(options.seconds(), Long.MAX_VALUE);
        ClusterSample to = sample();
        long published = ((Double) publisher.ask("stop").get("published")).longValue();
        clients.forEach(node -> node.drain(published));
        if (variant.receivers() > 0) {
            drain(published * variant.receivers());
        }
        ClusterSample end = sample();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("mode", variant.mode());
        ClusterReport.put(result, variant, from, to);
        ClusterReport.putFaults(result, variant, clients, before, end);
        ClusterReport.putTimes(result, variant, clients, to);
        return result;
    }

    /** Time to wait for messages on plain connections. A message that arrives later counts as lost. */
    private void drain(long expected) throws IOException {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while ((double) processes.get(variant.listener()).ask("sample").get("heard") < expected
                && System.nanoTime() - deadline < 0) {
            pause(LOOK_MILLIS / 1e3, Long.MAX_VALUE);
        }
    }

    private ClusterSample sample() throws IOException {
        Map<String, Map<String, Object>> nodes = new LinkedHashMap<>();
        double cpu = 0;
        for (Map.Entry<String, NodeProcess> process : processes.entrySet()) {
            nodes.put(process.getKey(), process.getValue().ask("sample"));
            cpu += process.getValue().cpuSeconds();
        }
        double own = ProcFs.cpu(ProcessHandle.current().pid()).total();
        long deliveries = clients.stream()
                .mapToLong(node -> node.ask(checker -> checker.deliveries))
                .sum();
        return new ClusterSample(
                System.nanoTime(), nodes, cpu, own, deliveries, ProcFs.busy(), RedisFigures.take(redis));
    }

    private void pause(double seconds, long deadline) {
        if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline > 0) {
            throw new LoadException(variant.name() + ": clients do not receive the published messages.");
        }
        try {
            Thread.sleep((long) (seconds * 1e3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("Interrupted.");
        }
    }

    @Override
    public void close() {
        clients.forEach(NodeClients::close);
    }
}
