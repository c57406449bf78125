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

/** A factory of connections to Redis that never reconnect and never repeat a command. */
final class RedisConnectionFactory {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** Maximum number of commands of one connection that wait for a reply. */
    static final int MAX_COMMANDS = 80 * 1024;

    /** Maximum number of commands in one flush. */
    private static final int MAX_COMMANDS_PER_FLUSH = 256;

    private final RedisEventLoop eventLoop;
    private final ClientResources resources;
    private final RedisClient client;

    /**
     * Creates the client.
     *
     * @param onReadComplete called after all messages of one read have been delivered
     */
    RedisConnectionFactory(RedisEventLoop thread, Runnable onReadComplete) {
        this.eventLoop = thread;
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
                .requestQueueSize(MAX_COMMANDS)
                .timeoutOptions(TimeoutOptions.create())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .build());
    }

    EventLoop loop() {
        return eventLoop.loop();
    }

    CompletionStage<StatefulRedisConnection<byte[], byte[]>> commands(RedisURI uri) {
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
    }

    CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriber(RedisURI uri) {
        return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
    }

    /** Closes the client and its resources. Does not wait. */
    void close() {
        client.shutdownAsync(0, 0, TimeUnit.SECONDS);
        resources.shutdown(0, 0, TimeUnit.SECONDS);
    }

    /** Handlers that write a burst in one system call and report the end of each read. */
    private record Customizer(Runnable onReadComplete) implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            FlushConsolidationHandler consolidation = new FlushConsolidationHandler(MAX_COMMANDS_PER_FLUSH, true);
            ChannelHandlerContext tls = pipeline.context(SslHandler.class);
            if (tls == null) {
                pipeline.addFirst(consolidation);
            } else {
                // The handler is above TLS, so that a burst is encrypted as a whole.
                pipeline.addAfter(tls.name(), null, consolidation);
            }
            pipeline.addAfter(pipeline.context(consolidation).name(), null, new ErrorMask());
            pipeline.addLast(new ReadComplete(onReadComplete));
        }
    }

    /** The last handler of the pipeline. Lettuce's handlers before it decode and deliver messages during the read. */
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
