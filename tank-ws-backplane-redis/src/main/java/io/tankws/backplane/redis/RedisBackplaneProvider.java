package io.tankws.backplane.redis;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.Set;

/**
 * The provider of backplanes over one Redis server, a server that Sentinel supervises, or Redis Cluster (sharded
 * pub/sub).
 */
public final class RedisBackplaneProvider implements BackplaneProvider {
    /** Creates the provider. Called by the service loader. */
    public RedisBackplaneProvider() {}

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Set<String> schemes() {
        return RedisEndpoints.SCHEMES;
    }

    @Override
    public Backplane create(BackplaneConfig config) {
        ClientVersions.require();
        return new RedisBackplane(config, RedisEndpoints.parse(config.uri()));
    }
}
