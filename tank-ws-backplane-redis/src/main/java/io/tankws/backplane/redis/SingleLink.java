package io.tankws.backplane.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** To one Redis, or to the master that a Sentinel names: a connection to publish and one to subscribe. */
final class SingleLink implements RedisLink {
    private final RedisClient client;
    private final LinkListener listener;
    private final StatefulRedisConnection<byte[], byte[]> publishing;
    private final StatefulRedisPubSubConnection<byte[], byte[]> subscribing;

    /** Connects; blocks for a moment. */
    SingleLink(ClientResources resources, RedisURI uri, Listener listener) {
        client = RedisClient.create(resources, uri);
        client.setOptions(LinkClient.options());
        this.listener = new LinkListener(this, listener);
        try {
            publishing = LinkClient.await(
                    client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture());
            subscribing = LinkClient.await(
                    client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture());
        } catch (RuntimeException e) {
            client.shutdownAsync(0, 0, TimeUnit.MILLISECONDS);
            throw e;
        }
        subscribing.addListener((RedisPubSubListener<byte[], byte[]>) this.listener);
        client.addListener(this.listener);
    }

    @Override
    public boolean isOpen() {
        return publishing.isOpen() && subscribing.isOpen();
    }

    @Override
    public RedisFuture<Long> publish(byte[] channel, byte[] message) {
        return publishing.async().publish(channel, message);
    }

    @Override
    public List<RedisFuture<Void>> subscribe(List<byte[]> channels) {
        return List.of(subscribing.async().subscribe(channels.toArray(byte[][]::new)));
    }

    @Override
    public List<RedisFuture<Void>> unsubscribe(List<byte[]> channels) {
        return List.of(subscribing.async().unsubscribe(channels.toArray(byte[][]::new)));
    }

    @Override
    public List<String> probes(String name) {
        return List.of(name);
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return publishing.async();
    }

    @Override
    public void close(Duration timeout) {
        listener.close();
        LinkClient.awaitEnd(client.shutdownAsync(0, 0, TimeUnit.MILLISECONDS), timeout);
    }
}
