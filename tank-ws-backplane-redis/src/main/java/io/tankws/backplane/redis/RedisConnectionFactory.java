package io.tankws.backplane.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Makes connections to Redis that never reconnect nor repeat a command by themselves. */
final class RedisConnectionFactory {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** Commands that may wait for replies on one connection. */
    static final int MOST_COMMANDS = 80 * 1024;

    /** Commands that leave together at most. */
    private static final int MOST_IN_ONE_FLUSH = 256;

    private final RedisEventLoop thread;
    private final ClientResources resources;
    private final RedisClient client;

    /**
     * Makes connections.
     *
     * @param onReadComplete is run when all that one read has brought has been told
     */
    RedisConnectionFactory(RedisEventLoop thread, Runnable onReadComplete) {
        this.thread = thread;
        resources = ClientResources.builder()
                .eventLoopGroupProvider(thread)
                .eventExecutorGroup(thread.loop())
                .timer(thread.timer())
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .nettyCustomizer(new Customizer(onReadComplete))
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .requestQueueSize(MOST_COMMANDS)
                .timeoutOptions(TimeoutOptions.create())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .build());
    }

    EventLoop loop() {
        return thread.loop();
    }

    CompletionStage<StatefulRedisConnection<byte[], byte[]>> commands(RedisURI uri) {
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
    }

    CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriber(RedisURI uri) {
        return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
    }

    /** Closes what is left; does not wait. */
    void close() {
        client.shutdownAsync(0, 0, TimeUnit.SECONDS);
        resources.shutdown(0, 0, TimeUnit.SECONDS);
    }

    /** Bursts leave in one system call, and what one system call brought is told together. */
    private record Customizer(Runnable onReadComplete) implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            FlushConsolidationHandler consolidation = new FlushConsolidationHandler(MOST_IN_ONE_FLUSH, true);
            ChannelHandlerContext tls = pipeline.context(SslHandler.class);
            if (tls == null) {
                pipeline.addFirst(consolidation);
            } else {
                // Above TLS, so that a burst is also encrypted as one.
                pipeline.addAfter(tls.name(), null, consolidation);
            }
            pipeline.addAfter(pipeline.context(consolidation).name(), null, new ErrorMask());
            pipeline.addLast(new ReadComplete(onReadComplete));
        }
    }

    /** Behind Lettuce's handlers, which decode and tell messages while they are read. */
    private static final class ReadComplete extends ChannelInboundHandlerAdapter {
        private final Runnable onReadComplete;

        ReadComplete(Runnable onReadComplete) {
            this.onReadComplete = onReadComplete;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            onReadComplete.run();
            context.fireChannelReadComplete();
        }
    }
}
