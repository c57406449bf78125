package io.tankws.benchmarks.cluster;

import io.tankws.benchmarks.CommandLine;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.load.LoadOptions;
import io.tankws.benchmarks.load.Payload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The options of {@link ClusterCost}.
 *
 * @param redis URI of Redis
 * @param transport transport of all nodes
 * @param modes variants to measure, see {@link ClusterVariant}
 * @param nodes numbers of nodes with subscribers, one after the other
 * @param clients number of clients of each node. Other runs have one client on each
 * @param receivers numbers of plain subscribed connections to Redis, one after the other
 * @param rounds number of rounds, each with all variants
 * @param seconds measured seconds of each run
 * @param warmUp seconds before the measurement of each run
 * @param size bytes of each message without envelopes
 * @param window maximum number of messages in flight
 * @param rate messages per second of latency runs
 * @param fanoutRate messages per second to all clients of one node
 * @param flags flags of each node's JVM
 */
record ClusterCostOptions(
        String redis,
        String transport,
        List<String> modes,
        List<Integer> nodes,
        int clients,
        List<Integer> receivers,
        int rounds,
        double seconds,
        double warmUp,
        int size,
        int window,
        double rate,
        double fanoutRate,
        List<String> flags) {

    static final String USAGE = """
            Measures the cost of publishing to the nodes of a cluster through Redis, and prints tables.

              --redis URI           default redis://127.0.0.1:6379; it must have no other clients
              --transport NAME      of all nodes; default jetty
              --modes LIST          of throughput, latency, fanout; default all
              --nodes LIST          how many nodes have subscribers, each in turn; default 1,2,3
              --clients COUNT       subscribers of each node, beside runs with one; default 1000
              --receivers LIST      bare connections that subscribe, without nodes; default 1,40
              --rounds COUNT        in each, everything has its turn; default 3
              --seconds SECONDS     how long each run measures; default 5
              --warm-up SECONDS     how long each run goes on before; default 3
              --size BYTES          of each message; default 128
              --window COUNT        throughput: messages that may be on their way at once; default 512
              --rate RATE           latency: messages per second to one client; default 500
              --fanout-rate RATE    fanout: messages per second to all clients of one node; default 100
              --jvm FLAGS           flags of each node's JVM; default "-Xmx256m\"""";

    private static final int MAX_NODES = 16;
    private static final int MAX_RECEIVERS = 1000;
    /** Maximum window, because a client's outbox holds no more messages. */
    private static final int MAX_WINDOW = 1024;

    static final Set<String> KNOWN = Set.of(
            "--redis",
            "--transport",
            "--modes",
            "--nodes",
            "--clients",
            "--receivers",
            "--rounds",
            "--seconds",
            "--warm-up",
            "--size",
            "--window",
            "--rate",
            "--fanout-rate",
            "--jvm");

    static ClusterCostOptions parse(List<String> arguments) throws UsageException {
        CommandLine given = new CommandLine(KNOWN, arguments);
        List<String> modes = List.of(
                given.text("--modes", String.join(",", ClusterVariant.MODES)).split(","));
        for (String mode : modes) {
            if (!ClusterVariant.MODES.contains(mode)) {
                throw new UsageException(
                        "There is no mode " + mode + "; there are " + String.join(", ", ClusterVariant.MODES) + ".");
            }
        }
        return new ClusterCostOptions(
                given.text("--redis", "redis://127.0.0.1:6379"),
                given.text("--transport", "jetty"),
                modes,
                counts(given, "--nodes", "1,2,3", MAX_NODES),
                given.count("--clients", 1000, 1, LoadOptions.MAX_CONNECTIONS),
                counts(given, "--receivers", "1,40", MAX_RECEIVERS),
                given.count("--rounds", 3, 1, 1000),
                given.number("--seconds", 5, 0.1, 3600),
                given.number("--warm-up", 3, 0, 3600),
                given.count("--size", 128, Payload.HEAD, 65_000),
                given.count("--window", 512, 1, MAX_WINDOW),
                given.number("--rate", 500, 1, 1_000_000),
                given.number("--fanout-rate", 100, 1, 1_000_000),
                List.of(given.text("--jvm", "-Xmx256m").strip().split("\\s+")));
    }

    private static List<Integer> counts(CommandLine given, String name, String otherwise, int max)
            throws UsageException {
        List<Integer> counts = new ArrayList<>();
        for (String count : given.text(name, otherwise).split(",")) {
            counts.add(new CommandLine(KNOWN, List.of(name, count)).count(name, 0, 1, max));
        }
        return counts;
    }

    /** Returns the number of nodes in the cluster. The first one publishes. */
    int clusterNodes() {
        return Collections.max(nodes);
    }

    /** Returns the numbers of clients of a node, one after the other. */
    List<Integer> audiences() {
        return clients == 1 ? List.of(1) : List.of(1, clients);
    }
}
