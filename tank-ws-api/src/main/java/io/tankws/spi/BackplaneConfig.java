package io.tankws.spi;

import java.util.Objects;

/**
 * What a {@link Backplane} is made with.
 *
 * @param cluster which cluster: letters, digits, dots, hyphens and underscores. Backplanes of different clusters must not
 *     hear each other, nor see each other's leases
 * @param uri where the backplane is; may hold a password
 * @param node for whom: an id that no other node has or had, of letters and digits
 * @param threadNamePrefix what its threads' names begin with
 */
public record BackplaneConfig(String cluster, String uri, String node, String threadNamePrefix) {
    /**
     * Checks.
     *
     * @param cluster {@link #cluster()}
     * @param uri {@link #uri()}
     * @param node {@link #node()}
     * @param threadNamePrefix {@link #threadNamePrefix()}
     */
    public BackplaneConfig {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(threadNamePrefix, "name");
    }

    /** Names cluster and node, never the URI, which may hold a password. */
    @Override
    public String toString() {
        return "BackplaneConfig[" + cluster + ", node " + node + "]";
    }
}
