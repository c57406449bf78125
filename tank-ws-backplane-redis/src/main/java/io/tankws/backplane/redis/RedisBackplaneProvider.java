package io.tankws.backplane.redis;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.Set;

/** Makes backplanes that use Redis: one server, one that Sentinel watches over, or Redis Cluster with sharded pub/sub. */
public final class RedisBackplaneProvider implements BackplaneProvider {
    /** Made by the service loader. */
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
