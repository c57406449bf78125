package io.tankws.backplane.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.concurrent.Future;
import io.tankws.spi.support.LibraryVersionCheck;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Check of the versions of Lettuce and Netty. */
final class ClientVersions {
    static final String NETTY_LINE = "4.2";
    static final String NETTY_TESTED = "4.2.20.Final";
    static final String LETTUCE_LINE = "7";
    static final String LETTUCE_TESTED = "7.7.0.RELEASE";

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final String USER = "The redis backplane of tank-ws";
    private static final String NETTY_GROUP = "io.netty";
    private static final String REMEDY = "Set the versions of Netty and Lettuce: with Spring Boot by the Maven"
            + " properties <netty.version>" + NETTY_TESTED + "</netty.version> and <lettuce.version>" + LETTUCE_TESTED
            + "</lettuce.version>, otherwise by importing io.netty:netty-bom:" + NETTY_TESTED
            + " and depending on io.lettuce:lettuce-core:" + LETTUCE_TESTED + ".";

    private ClientVersions() {}

    /**
     * Checks the Netty and the Lettuce on the path.
     *
     * @throws io.tankws.LibraryVersionException if this backplane cannot work with them
     */
    static void require() {
        LibraryVersionCheck.of(USER, "Netty", NETTY_LINE)
                .part(Future.class, NETTY_GROUP, "netty-common")
                .part(ByteBuf.class, NETTY_GROUP, "netty-buffer")
                .part(Channel.class, NETTY_GROUP, "netty-transport")
                .part(ByteToMessageDecoder.class, NETTY_GROUP, "netty-codec-base", "netty-codec")
                .part(SslHandler.class, NETTY_GROUP, "netty-handler")
                .part(AddressResolverGroup.class, NETTY_GROUP, "netty-resolver")
                .part(DnsNameResolver.class, NETTY_GROUP, "netty-resolver-dns")
                .require(ClientVersions::linkNetty, REMEDY, LOG::warn);
        LibraryVersionCheck.of(USER, "Lettuce", LETTUCE_LINE)
                .part(RedisClient.class, "io.lettuce", "lettuce-core")
                .require(ClientVersions::linkLettuce, REMEDY, LOG::warn);
    }

    /** Links methods that Netty 4.1 lacks. The evaluation of a method reference links it. */
    private static void linkNetty() {
        Supplier<IoHandlerFactory> io = NioIoHandler::newFactory;
        BiFunction<ThreadFactory, IoHandlerFactory, MultiThreadIoEventLoopGroup> group =
                MultiThreadIoEventLoopGroup::new;
        LOG.debug("Netty of an unknown version has the methods that are needed: {} {}", io, group);
    }

    /** Links a method that Lettuce 6 lacks. */
    private static void linkLettuce() {
        BiFunction<ClientOptions.Builder, MaintNotificationsConfig, ClientOptions.Builder> config =
                ClientOptions.Builder::maintNotificationsConfig;
        LOG.debug("Lettuce of an unknown version has the method that is needed: {}", config);
    }
}
