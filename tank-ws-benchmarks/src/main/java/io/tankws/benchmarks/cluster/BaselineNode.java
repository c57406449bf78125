package io.tankws.benchmarks.cluster;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The baseline for Redis: unmodified Lettuce with one publishing connection and several subscribed ones.
 * As a relay, its listener passes messages to a manager, like a program without a cluster.
 */
final class BaselineNode implements PublishPath {
    private final RedisClient client;
    private volatile StatefulRedisConnection<byte[], byte[]> publisher;
    private final TankWsNode clients;
    private final String prefix;
    private final List<StatefulRedisPubSubConnection<byte[], byte[]>> listening = new ArrayList<>();
    private volatile BaselineListeners listeners = new BaselineListeners(0, null);

    private BaselineNode(RedisClient client, TankWsNode clients, String prefix) {
        this.client = client;
        this.clients = clients;
        this.prefix = prefix;
        publisher = client.connect(ByteArrayCodec.INSTANCE);
    }

    static BaselineNode start(String transport, String redis, String cluster) {
        return new BaselineNode(RedisClient.create(redis), TankWsNode.start(transport), cluster + ":bare:");
    }

    @Override
    public int port() {
        return clients.port();
    }

    @Override
    public int subscribers(String topic) {
        return clients.subscribers(topic);
    }

    /** Subscribes to the topic. Without receivers, the clients of this process receive the messages. */
    @Override
    public void listen(String topic, int receivers, boolean sharedThread, NodePublishing publishing) {
        listening.forEach(StatefulRedisPubSubConnection::close);
        listening.clear();
        // Lettuce assigns threads to connections in turn, so the next connection gets the thread after the publisher's.
        publisher.close();
        publisher = client.connect(ByteArrayCodec.INSTANCE);
        if (sharedThread) {
            for (int i = 1; i < client.getResources().ioThreadPoolSize(); i++) {
                listening.add(client.connectPubSub(ByteArrayCodec.INSTANCE));
            }
        }
        BaselineListeners made = new BaselineListeners(receivers, publishing);
        listeners = made;
        for (int i = 0; i < Math.max(1, receivers); i++) {
            StatefulRedisPubSubConnection<byte[], byte[]> connection = client.connectPubSub(ByteArrayCodec.INSTANCE);
            connection.addListener(
                    receivers > 0
                            ? made.listener(i)
                            : BaselineListeners.relay(message -> clients.publish(topic, message)));
            connection.sync().subscribe(channel(topic));
            listening.add(connection);
        }
    }

    @Override
    public void record() {
        listeners.startRecording();
    }

    @Override
    public CompletionStage<?> publish(String topic, byte[] message) {
        // Another thread writes the message later.
        return publisher.async().publish(channel(topic), message.clone());
    }

    private byte[] channel(String topic) {
        return (prefix + topic).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Map<String, Number> figures() {
        return listeners.figures();
    }

    @Override
    public void close() {
        clients.close();
        client.close();
    }
}
