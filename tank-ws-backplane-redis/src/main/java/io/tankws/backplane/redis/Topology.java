package io.tankws.backplane.redis;

import io.lettuce.core.RedisURI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The masters of a Redis deployment.
 *
 * @param servers masters
 * @param serverOfSlot index of the master of each slot, or {@code null} without a Redis Cluster
 */
record Topology(List<RedisURI> servers, short @Nullable [] serverOfSlot) {
    static Topology single(RedisURI server) {
        return new Topology(List.of(server), null);
    }

    boolean isCluster() {
        return serverOfSlot != null;
    }
}
