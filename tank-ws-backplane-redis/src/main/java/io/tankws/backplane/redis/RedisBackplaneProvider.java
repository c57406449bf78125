package io.tankws.backplane.redis;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.Set;

/**
 * Makes backplanes that lead over Redis (6 or later) or Valkey, by these URIs:
 *
 * <ul>
 *   <li>{@code redis://[user:password@]host[:port][/database]}, and {@code rediss://…} with TLS
 *   <li>{@code redis-sentinel://[user:password@]host[:port][,host[:port]…][/database]#master}, and
 *       {@code rediss-sentinel://…}
 *   <li>{@code redis-cluster://[user:password@]host[:port][,host[:port]…]}, and {@code rediss-cluster://…}: Redis Cluster 7
 *       or later, with sharded publish and subscribe
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class RedisBackplaneProvider implements BackplaneProvider {
    /** For {@code ServiceLoader}, and for applications that name their backplane themselves. */
    public RedisBackplaneProvider() {}

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Set<String> schemes() {
        return RedisAddress.SCHEMES;
    }

    @Override
    public Backplane create(BackplaneConfig config) {
        return new RedisBackplane(config, RedisAddress.parse(config.uri()));
    }
}
