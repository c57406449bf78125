package io.tankws.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One way from a publisher to those who hear it.
 *
 * @param name in the results
 * @param mode {@link #THROUGHPUT} or {@link #LATENCY}
 * @param publisher the name of the process that publishes
 * @param hearing the names of those whose clients are subscribed
 * @param clients of each of them
 * @param receivers bare connections in the publishing process; 0 where they relay, -1 where there are none
 */
record ClusterVariant(String name, String mode, String publisher, List<String> hearing, int clients, int receivers) {
    static final String THROUGHPUT = "throughput";
    static final String LATENCY = "latency";

    static final String OWN = "cluster, the publisher's client";
    static final String OTHER = "cluster, another node's client";
    static final String ONE = "no cluster";
    static final String RELAY = "bare Redis, then no cluster";
    static final String DIRECT = "bare Redis";

    static List<ClusterVariant> all(ClusterCostOptions options) {
        List<ClusterVariant> all = new ArrayList<>();
        for (int clients : options.audiences()) {
            for (int nodes : options.nodes()) {
                all.add(throughput(cluster(nodes, clients), node(0), nodes(nodes), clients, -1));
            }
            all.add(throughput(alone(clients), NodeWay.ALONE, List.of(NodeWay.ALONE), clients, -1));
        }
        for (int receivers : options.receivers()) {
            all.add(throughput(bare(receivers), NodeWay.BARE, List.of(), 0, receivers));
        }
        all.add(latency(OWN, node(0), List.of(node(0)), -1));
        if (options.clusterNodes() > 1) {
            all.add(latency(OTHER, node(0), List.of(node(1)), -1));
        }
        all.add(latency(ONE, NodeWay.ALONE, List.of(NodeWay.ALONE), -1));
        all.add(latency(RELAY, NodeWay.BARE, List.of(NodeWay.BARE), 0));
        all.add(latency(DIRECT, NodeWay.BARE, List.of(), 1));
        return all;
    }

    private static ClusterVariant throughput(
            String name, String publisher, List<String> hearing, int clients, int receivers) {
        return new ClusterVariant(name, THROUGHPUT, publisher, hearing, clients, receivers);
    }

    private static ClusterVariant latency(String name, String publisher, List<String> hearing, int receivers) {
        return new ClusterVariant(name, LATENCY, publisher, hearing, 1, receivers);
    }

    /** The name of one process of a cluster. */
    static String node(int index) {
        return NodeWay.CLUSTER + index;
    }

    private static List<String> nodes(int count) {
        return IntStream.range(0, count).mapToObj(ClusterVariant::node).toList();
    }

    static String cluster(int nodes, int clients) {
        return "cluster " + nodes + "x" + clients;
    }

    static String alone(int clients) {
        return "alone " + clients;
    }

    static String bare(int receivers) {
        return "bare " + receivers;
    }

    boolean isPaced() {
        return mode.equals(LATENCY);
    }
}
