package io.tankws.backplane.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisException;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How Lettuce is set up: nothing is ever sent twice, and what comes together goes on together. */
final class LinkClient {
    /** For a connection, its TLS and its first answers. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration TCP_TIMEOUT = Duration.ofSeconds(1);
    /** The node bounds what is under way by its own limits, which are lower. */
    private static final int MOST_COMMANDS = 128 * 1024;

    private static final int MOST_WRITES_PER_FLUSH = 256;
    private static final int THREADS = 2;

    private LinkClient() {}

    static ClientResources resources(String name, Runnable readComplete) {
        return ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .threadFactoryProvider(pool -> new DefaultThreadFactory(name + "-" + pool, true))
                .nettyCustomizer(new Pipeline(readComplete))
                .build();
    }

    static ClientOptions options() {
        return configure(ClientOptions.builder()).build();
    }

    static ClusterClientOptions clusterOptions() {
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        configure(builder);
        return builder.build();
    }

    private static ClientOptions.Builder configure(ClientOptions.Builder builder) {
        return builder
                // Lettuce would send again what may have arrived.
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_COMMANDS)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(TCP_TIMEOUT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build());
    }

    /**
     * Waits for a connection.
     *
     * @throws RedisException if there is none
     */
    static <T> T await(CompletableFuture<T> connection) {
        try {
            return connection.get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RedisException known ? known : new RedisException(e.getCause());
        } catch (TimeoutException e) {
            throw new RedisException("no connection to Redis in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted");
        }
    }

    /** Waits at most so long for an end, whatever it is. */
    static void awaitEnd(CompletableFuture<?> end, Duration timeout) {
        try {
            end.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // It ends without us.
        }
    }

    /** Writes of one turn leave by one system call; the end of a read is told. */
    private record Pipeline(Runnable readComplete) implements io.lettuce.core.resource.NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_WRITES_PER_FLUSH, true));
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelReadComplete(ChannelHandlerContext context) {
                    readComplete.run();
                    context.fireChannelReadComplete();
                }
            });
        }
    }
}
