/**
 * A backplane that connects the nodes of a cluster through Redis: one server, Sentinel or Redis Cluster. An
 * application puts the module on the path. A cluster URI such as {@code redis://host} selects it, or the application
 * passes the provider.
 *
 * @provides io.tankws.spi.BackplaneProvider with the name {@code redis}
 */
// Lettuce is an automatic module with a name of its own.
@SuppressWarnings("requires-automatic")
module io.tankws.backplane.redis {
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires transitive io.tankws;
    requires lettuce.core;
    requires org.slf4j;
    requires reactor.core;

    // Lettuce needs these, and an automatic module cannot require them.
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;

    exports io.tankws.backplane.redis;

    provides io.tankws.spi.BackplaneProvider with
            io.tankws.backplane.redis.RedisBackplaneProvider;
}
