package io.tankws.spi;

import io.tankws.ManagerLimits;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The configuration of a {@link Backplane}.
 *
 * @param cluster the name of the cluster: letters, digits, dots, hyphens and underscores. Backplanes of different
 *     clusters must receive neither messages nor counts of each other
 * @param uri the address of the backplane; may contain a password
 * @param node the id of the node, unique across all nodes and restarts: letters and digits
 * @param threadNamePrefix the beginning of the names of the backplane's threads
 * @param topicChannelPrefix the beginning of the name of each channel that carries a topic; the topic follows it
 * @param limits the limits of the manager, for a {@link SharedHistoryStore}
 * @param memoryHistory creates an empty store in the memory of this process, for a backplane whose nodes are all in
 *     this process. Each stage of the store is complete when it is returned
 */
public record BackplaneConfig(
        String cluster,
        String uri,
        String node,
        String threadNamePrefix,
        String topicChannelPrefix,
        ManagerLimits limits,
        Supplier<HistoryStore> memoryHistory) {
    /**
     * Creates a configuration.
     *
     * @param cluster the name of the cluster
     * @param uri the address of the backplane
     * @param node the id of the node
     * @param threadNamePrefix the beginning of thread names
     * @param topicChannelPrefix the beginning of the names of channels of topics
     * @param limits the limits of the manager
     * @param memoryHistory creates an empty store in memory
     */
    public BackplaneConfig {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(threadNamePrefix, "threadNamePrefix");
        Objects.requireNonNull(topicChannelPrefix, "topicChannelPrefix");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(memoryHistory, "memoryHistory");
    }

    /**
     * Creates a configuration with the prefix {@code t:}, the default limits and no store in memory.
     *
     * @param cluster the name of the cluster
     * @param uri the address of the backplane
     * @param node the id of the node
     * @param threadNamePrefix the beginning of thread names
     */
    public BackplaneConfig(String cluster, String uri, String node, String threadNamePrefix) {
        this(cluster, uri, node, threadNamePrefix, "t:", ManagerLimits.defaults(), BackplaneConfig::noMemoryHistory);
    }

    private static HistoryStore noMemoryHistory() {
        throw new UnsupportedOperationException("this backplane was configured without a history in memory");
    }

    /** Returns cluster and node, and never the URI, which may contain a password. */
    @Override
    public String toString() {
        return "BackplaneConfig[" + cluster + ", node " + node + "]";
    }
}
