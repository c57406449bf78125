/**
 * Joins the nodes of a cluster by Redis: one server, Sentinel or Redis Cluster. Put it on the path, there is nothing to
 * import; a cluster's URI that begins with {@code redis:} chooses it, or the application names it itself.
 *
 * @provides io.tankws.spi.BackplaneProvider by the name {@code redis}
 */
// Lettuce is no module yet, but names itself.
@SuppressWarnings("requires-automatic")
module io.tankws.backplane.redis {
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires transitive io.tankws;
    requires lettuce.core;
    requires org.slf4j;
    requires reactor.core;

    // Lettuce wants these, and an automatic module cannot say so.
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;

    exports io.tankws.backplane.redis;

    provides io.tankws.spi.BackplaneProvider with
            io.tankws.backplane.redis.RedisBackplaneProvider;
}
