package io.tankws.benchmarks.cluster;

import java.util.Map;

/**
 * Counters at one time. The result of a run is the difference of two samples.
 *
 * @param nodes figures of each process
 * @param nodesCpu CPU seconds of all these processes
 * @param clientsCpu CPU seconds of this process, which holds the clients
 * @param deliveries number of deliveries to all clients
 * @param machine CPU seconds of all processes of the machine
 */
record ClusterSample(
        long nanos,
        Map<String, Map<String, Object>> nodes,
        double nodesCpu,
        double clientsCpu,
        long deliveries,
        double machine,
        RedisFigures redis) {

    Map<String, Object> node(String name) {
        return nodes.get(name);
    }

    /** Returns the growth of a figure of one process, or 0 if the process does not report it. */
    double since(ClusterSample earlier, String node, String figure) {
        return number(node, figure) - earlier.number(node, figure);
    }

    private double number(String node, String figure) {
        return nodes.get(node).get(figure) instanceof Double number ? number : 0;
    }
}
