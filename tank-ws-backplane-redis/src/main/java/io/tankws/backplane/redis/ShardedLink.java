package io.tankws.backplane.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** To a Redis Cluster, by sharded publish and subscribe: each channel lives on the master that its name falls to. */
final class ShardedLink implements RedisLink {
    /** Names that are tried for each master; the chance that none of them falls to it is nil. */
    private static final int MOST_NAMES = 1_000_000;

    private final RedisClusterClient client;
    private final LinkListener listener;
    private final StatefulRedisClusterConnection<byte[], byte[]> publishing;
    private final StatefulRedisClusterPubSubConnection<byte[], byte[]> subscribing;

    /** Asks for the cluster's masters and connects; blocks for a moment. */
    ShardedLink(ClientResources resources, List<RedisURI> uris, Listener listener) {
        client = RedisClusterClient.create(resources, uris);
        client.setOptions(LinkClient.clusterOptions());
        this.listener = new LinkListener(this, listener);
        try {
            LinkClient.await(client.refreshPartitionsAsync().toCompletableFuture());
            publishing = LinkClient.await(client.connectAsync(ByteArrayCodec.INSTANCE));
            subscribing = LinkClient.await(client.connectPubSubAsync(ByteArrayCodec.INSTANCE));
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
        return publishing.async().spublish(channel, message);
    }

    @Override
    public List<RedisFuture<Void>> subscribe(List<byte[]> channels) {
        // Those of different slots cannot share a command.
        return channels.stream()
                .map(channel -> subscribing.async().ssubscribe(channel))
                .toList();
    }

    @Override
    public List<RedisFuture<Void>> unsubscribe(List<byte[]> channels) {
        return channels.stream()
                .map(channel -> subscribing.async().sunsubscribe(channel))
                .toList();
    }

    @Override
    public List<String> probes(String name) {
        List<String> probes = new ArrayList<>();
        for (RedisClusterNode node : client.getPartitions()) {
            if (node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.getSlots().isEmpty()) {
                probes.add(fallingTo(node, name));
            }
        }
        return probes;
    }

    private static String fallingTo(RedisClusterNode node, String name) {
        for (int i = 0; i < MOST_NAMES; i++) {
            String tried = name + ":" + i;
            if (node.hasSlot(SlotHash.getSlot(tried.getBytes(StandardCharsets.UTF_8)))) {
                return tried;
            }
        }
        throw new RedisException("no channel falls to a master of the cluster");
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
