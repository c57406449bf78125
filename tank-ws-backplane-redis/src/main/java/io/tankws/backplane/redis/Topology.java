package io.tankws.backplane.redis;

import io.lettuce.core.RedisURI;
import java.util.List;

/**
 * Which servers there are, and what each is for.
 *
 * @param servers masters
 * @param serverOfSlot of a Redis Cluster, which of them has each slot; {@code null} without one
 */
record Topology(List<RedisURI> servers, short[] serverOfSlot) {
    static Topology single(RedisURI server) {
        return new Topology(List.of(server), null);
    }

    boolean isCluster() {
        return serverOfSlot != null;
    }
}
