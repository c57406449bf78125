package io.tankws.benchmarks.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One path from a publisher to its subscribers.
 *
 * @param name name in the results
 * @param mode {@link #THROUGHPUT}, or with a rate {@link #LATENCY} or {@link #FANOUT}
 * @param rate messages per second, or 0 if only the window limits them
 * @param publisher the name of the process that publishes
 * @param hearing the names of the processes with subscribed clients
 * @param clients number of clients of each of these processes
 * @param listener the name of the process with plain subscribed connections, or empty
 * @param receivers number of these connections, or 0 if the process relays to its clients
 * @param sharedThread true if Lettuce serves the publisher and the first listener by the same thread
 */
record ClusterVariant(
        String name,
        String mode,
        double rate,
        String publisher,
        List<String> hearing,
        int clients,
        String listener,
        int receivers,
        boolean sharedThread) {
    static final String THROUGHPUT = "throughput";
    static final String LATENCY = "latency";
    static final String FANOUT = "fanout";

    static final List<String> MODES = List.of(THROUGHPUT, LATENCY, FANOUT);

    static final String OWN = "cluster, the publisher's client";
    static final String OTHER = "cluster, another node's client";
    static final String ONE = "no cluster";
    static final String RELAY = "bare Redis, then no cluster";
    static final String RELAY_OTHER = "bare Redis to another process, then no cluster";
    static final String DIRECT = "bare Redis";
    static final String DIRECT_SHARED = "bare Redis, one thread";
    static final String DIRECT_OTHER = "bare Redis to another process";

    static List<ClusterVariant> all(ClusterCostOptions options) {
        List<ClusterVariant> all = new ArrayList<>();
        for (int clients : options.audiences()) {
            for (int nodes : options.nodes()) {
                all.add(clients(cluster(nodes, clients), THROUGHPUT, 0, node(0), nodes(nodes), clients));
            }
            all.add(clients(alone(clients), THROUGHPUT, 0, PublishPath.ALONE, List.of(PublishPath.ALONE), clients));
        }
        for (int receivers : options.receivers()) {
            all.add(baseline(baseline(receivers), THROUGHPUT, 0, baselineNode(0), List.of(), receivers));
        }
        double rate = options.rate();
        all.add(clients(OWN, LATENCY, rate, node(0), List.of(node(0)), 1));
        all.add(clients(ONE, LATENCY, rate, PublishPath.ALONE, List.of(PublishPath.ALONE), 1));
        all.add(baseline(RELAY, LATENCY, rate, baselineNode(0), List.of(baselineNode(0)), 0));
        all.add(baseline(DIRECT, LATENCY, rate, baselineNode(0), List.of(), 1));
        all.add(new ClusterVariant(
                DIRECT_SHARED, LATENCY, rate, baselineNode(0), List.of(), 1, baselineNode(0), 1, true));
        if (options.clusterNodes() > 1) {
            all.add(clients(OTHER, LATENCY, rate, node(0), List.of(node(1)), 1));
            all.add(baseline(RELAY_OTHER, LATENCY, rate, baselineNode(1), List.of(baselineNode(1)), 0));
            all.add(baseline(DIRECT_OTHER, LATENCY, rate, baselineNode(1), List.of(), 1));
        }
        double slow = options.fanoutRate();
        all.add(clients(OWN, FANOUT, slow, node(0), List.of(node(0)), options.clients()));
        all.add(clients(ONE, FANOUT, slow, PublishPath.ALONE, List.of(PublishPath.ALONE), options.clients()));
        return all.stream()
                .filter(variant -> options.modes().contains(variant.mode()))
                .toList();
    }

    private static ClusterVariant clients(
            String name, String mode, double rate, String publisher, List<String> hearing, int clients) {
        return new ClusterVariant(name, mode, rate, publisher, hearing, clients, "", 0, false);
    }

    /** Returns a variant without a cluster, in which the first baseline process publishes. */
    private static ClusterVariant baseline(
            String name, String mode, double rate, String listener, List<String> hearing, int receivers) {
        return new ClusterVariant(name, mode, rate, baselineNode(0), hearing, 1, listener, receivers, false);
    }

    /** Returns the name of one process of a cluster. */
    static String node(int index) {
        return PublishPath.CLUSTER + index;
    }

    static String baselineNode(int index) {
        return PublishPath.BASELINE + index;
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

    static String baseline(int receivers) {
        return "bare " + receivers;
    }

    boolean isPaced() {
        return rate > 0;
    }
}
