/**
 * Carries messages between the nodes of a cluster over Redis or Valkey; found by the schemes {@code redis},
 * {@code rediss}, {@code redis-sentinel}, {@code rediss-sentinel}, {@code redis-cluster} and {@code rediss-cluster}.
 *
 * @provides io.tankws.spi.BackplaneProvider by the name {@code redis}
 */
// Lettuce is no module yet, and nothing that requires it can be put into an image by jlink.
@SuppressWarnings("requires-automatic")
module io.tankws.backplane.redis {
    requires io.netty.common;
    requires io.netty.handler;
    // An automatic module brings no modules with it, so what Lettuce wants is required here.
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires transitive io.tankws;
    requires lettuce.core;
    requires org.slf4j;

    exports io.tankws.backplane.redis;

    provides io.tankws.spi.BackplaneProvider with
            io.tankws.backplane.redis.RedisBackplaneProvider;
}
