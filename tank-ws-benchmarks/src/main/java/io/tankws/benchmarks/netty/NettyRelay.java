package io.tankws.benchmarks.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * A relay on Netty, tuned for speed, on the sockets of the JDK like the other servers. Each message is encoded once,
 * and all messages of one read are sent with one flush per client. The queue of a slow client has no limit.
 */
public final class NettyRelay extends ChannelInitializer<SocketChannel> {
    private static final int MAX_HEAD = 8192;

    private final NettyGroup everybody = new NettyGroup();

    private NettyRelay() {}

    /**
     * Runs until the process is stopped.
     *
     * @param arguments the port on 127.0.0.1
     */
    public static void main(String[] arguments) {
        int threads = Runtime.getRuntime().availableProcessors();
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new NettyRelay())
                .bind("127.0.0.1", Integer.parseInt(arguments[0]))
                .syncUninterruptibly();
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/ws")
                // Without this, a query would count as a part of the path.
                .checkStartsWith(true)
                .build();
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new HttpObjectAggregator(MAX_HEAD),
                        new WebSocketServerProtocolHandler(config),
                        new NettyMember(everybody));
    }
}
