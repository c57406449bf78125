package io.tankws.spi;

import java.util.Objects;

/**
 * The configuration of a {@link Backplane}.
 *
 * @param cluster the name of the cluster: letters, digits, dots, hyphens and underscores. Backplanes of different
 *     clusters must receive neither messages nor counts of each other
 * @param uri the address of the backplane; may contain a password
 * @param node the id of the node, unique across all nodes and restarts: letters and digits
 * @param threadNamePrefix the beginning of the names of the backplane's threads
 */
public record BackplaneConfig(String cluster, String uri, String node, String threadNamePrefix) {
    /**
     * Creates a configuration.
     *
     * @param cluster the name of the cluster
     * @param uri the address of the backplane
     * @param node the id of the node
     * @param threadNamePrefix the beginning of thread names
     */
    public BackplaneConfig {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(threadNamePrefix, "threadNamePrefix");
    }

    /** Returns cluster and node, and never the URI, which may contain a password. */
    @Override
    public String toString() {
        return "BackplaneConfig[" + cluster + ", node " + node + "]";
    }
}
