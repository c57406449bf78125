package io.tankws.benchmarks.cluster;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.Command;
import io.tankws.benchmarks.report.Environment;
import io.tankws.benchmarks.report.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the cost of publishing to several nodes through Redis: throughput, latency and CPU time of each process. For
 * comparison it also measures publishing without a cluster and with plain Redis. Each node has its own process, which
 * runs until the end of the measurement. This process holds all clients.
 */
public final class ClusterCost {
    private final ClusterCostOptions options;
    private final PrintStream err;
    private final Path directory;
    private final Map<String, NodeProcess> processes = new LinkedHashMap<>();
    private final Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();

    private ClusterCost(ClusterCostOptions options, PrintStream err, Path directory) {
        this.options = options;
        this.err = err;
        this.directory = directory;
    }

    /**
     * Measures and prints tables. Ends the process with 1 if something could not be measured, 2 for wrong options.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        int status = run(System.out, System.err, Path.of(Results.TARGET), arguments);
        // Threads of the Redis client may still run.
        System.exit(status);
    }

    /** Returns the exit status. */
    static int run(PrintStream out, PrintStream err, Path directory, String... arguments) {
        List<String> given = List.of(arguments);
        return Command.start(out, err, ClusterCostOptions.USAGE, given, () -> {
            try {
                ClusterCost cost = new ClusterCost(ClusterCostOptions.parse(given), err, directory);
                Results results = cost.measureAll();
                results.write(directory.resolve("cluster.json"));
                ClusterTables.of(cost.options, results).forEach(out::println);
                return 0;
            } catch (RedisException e) {
                err.println("Redis: " + e.getMessage());
                return Command.FAILURE;
            }
        });
    }

    private Results measureAll() throws IOException, UsageException {
        Files.createDirectories(directory);
        try (RedisClient client = RedisClient.create(uri());
                StatefulRedisConnection<String, String> redis = client.connect()) {
            startAll();
            List<ClusterVariant> variants = ClusterVariant.all(options);
            variants.forEach(variant -> runs.putIfAbsent(variant.name(), new ArrayList<>()));
            for (int round = 0; round < options.rounds(); round++) {
                for (int i = 0; i < variants.size(); i++) {
                    // Each round begins with another variant, so that no variant always follows the same one.
                    ClusterVariant variant = variants.get((round + i) % variants.size());
                    err.printf("round %d of %d: %s, %s%n", round + 1, options.rounds(), variant.mode(), variant.name());
                    runs.get(variant.name())
                            .add(ClusterRun.run(options, variant, topic(round, i), processes, redis.sync()));
                }
            }
            Map<String, String> facts = Environment.describe(options.flags());
            facts.put("Redis", RedisFigures.version(redis.sync()));
            Environment.addOtherProcesses(facts, runs.values());
            return new Results(facts, runs);
        } finally {
            processes.values().forEach(NodeProcess::close);
        }
    }

    private RedisURI uri() throws UsageException {
        try {
            return RedisURI.create(options.redis());
        } catch (IllegalArgumentException e) {
            throw new UsageException("The option --redis requires a URI, such as redis://127.0.0.1:6379.");
        }
    }

    /** Returns a topic for each run, so that no message of one run arrives in another. */
    private static String topic(int round, int turn) {
        return "news/" + round + "/" + turn;
    }

    private void startAll() throws IOException {
        for (int i = 0; i < options.clusterNodes(); i++) {
            start(ClusterVariant.node(i), PublishPath.CLUSTER);
        }
        start(PublishPath.ALONE, PublishPath.ALONE);
        for (int i = 0; i < Math.min(2, options.clusterNodes()); i++) {
            start(ClusterVariant.baselineNode(i), PublishPath.BASELINE);
        }
    }

    private void start(String name, String kind) throws IOException {
        processes.put(
                name,
                NodeProcess.start(
                        name,
                        directory.resolve("cluster-" + name + ".log"),
                        options.flags(),
                        kind,
                        options.transport(),
                        options.redis(),
                        "bench-" + ProcessHandle.current().pid(),
                        String.valueOf(options.size())));
    }
}
