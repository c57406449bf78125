package io.tankws.backplane.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One server: a connection that publishes, one that is subscribed, and the proof that it is a master which answers to what goes
 * out on the first and brings it back on the second. Of the backplane's thread.
 */
final class Shard extends RedisPubSubAdapter<byte[], byte[]> implements RedisConnectionStateListener {
    /** Probes that may be under way; the next tick after that many tells. */
    private static final int MOST_MISSED = 2;

    /** A replica takes what is published, and takes it nowhere. */
    private static final String MASTER = "master";

    private static final Set<String> OTHER_ROLES = Set.of("slave", "replica", "sentinel");

    private final RedisSession link;
    private final boolean sharded;
    private final byte[] probeChannel;
    private StatefulRedisConnection<byte[], byte[]> commands;
    private StatefulRedisPubSubConnection<byte[], byte[]> subscriber;
    private ServerRun id;
    /** Numbers of probes: sent last, come back last, and answered last. */
    private long sent;

    private long heard;
    private long answered;
    /** When those under way, and the last that was not, were sent. */
    private final long[] sentAt = new long[MOST_MISSED + 1];

    Shard(RedisSession link, boolean sharded, byte[] probeChannel) {
        this.link = link;
        this.sharded = sharded;
        this.probeChannel = probeChannel;
    }

    /** Connects, and then is subscribed to its probes. */
    CompletionStage<Void> open(RedisConnectionFactory connections, ConnectionSet keeper, RedisURI uri) {
        return keeper.keep(connections.commands(uri))
                .thenCompose(connected -> {
                    commands = watched(connected);
                    return keeper.keep(connections.subscriber(uri));
                })
                .thenCompose(connected -> {
                    subscriber = watched(connected);
                    subscriber.addListener((RedisPubSubListener<byte[], byte[]>) this);
                    return subscribe(List.of(probeChannel));
                })
                .thenCompose(subscribed -> subscriber.async().role())
                .thenCompose(role -> {
                    requireMaster(role);
                    return ServerRun.ask(commands);
                })
                .thenAccept(known -> {
                    requireMode(known);
                    id = known;
                });
    }

    /** What one node of a Redis Cluster hears, and what it stores, is not all. */
    private void requireMode(ServerRun known) {
        if (!sharded && "cluster".equals(known.mode())) {
            throw new SessionException(
                    "the server is a node of a Redis Cluster; a URI of that begins with redis-cluster://");
        }
    }

    private static void requireMaster(List<Object> reply) {
        String role = new String((byte[]) reply.get(0), StandardCharsets.US_ASCII);
        if (!role.equals(MASTER)) {
            throw new SessionException(
                    "the server is not a master" + (OTHER_ROLES.contains(role) ? ", its role is " + role : ""));
        }
    }

    ServerRun id() {
        return id;
    }

    private <C extends StatefulConnection<?, ?>> C watched(C connection) {
        connection.addListener(this);
        if (!connection.isOpen()) {
            throw new SessionException("the connection ended at once");
        }
        return connection;
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        link.fail(new SessionException("a connection to Redis ended"));
    }

    RedisFuture<Long> publish(byte[] channel, byte[] message) {
        return sharded
                ? commands.async().spublish(channel, message)
                : commands.async().publish(channel, message);
    }

    StatefulRedisConnection<byte[], byte[]> commands() {
        return commands;
    }

    RedisFuture<Void> subscribe(List<byte[]> channels) {
        byte[][] array = channels.toArray(new byte[0][]);
        return sharded
                ? subscriber.async().ssubscribe(array)
                : subscriber.async().subscribe(array);
    }

    RedisFuture<Void> unsubscribe(List<byte[]> channels) {
        byte[][] array = channels.toArray(new byte[0][]);
        return sharded
                ? subscriber.async().sunsubscribe(array)
                : subscriber.async().unsubscribe(array);
    }

    /** Sends a probe, unless too many are missing. */
    boolean probe() {
        if (sent - returned() >= MOST_MISSED) {
            return false;
        }
        long number = ++sent;
        sentAt[place(number)] = System.nanoTime();
        publish(probeChannel, ByteBuffer.allocate(Long.BYTES).putLong(number).array())
                .thenCompose(receivers -> commands.async().role())
                .thenAccept(role -> {
                    requireMaster(role);
                    answered = number;
                    link.progressed();
                })
                .exceptionally(failure -> {
                    link.fail(failure);
                    return null;
                });
        return true;
    }

    private void probeCame(ByteBuffer content) {
        if (content.remaining() == Long.BYTES) {
            heard = content.getLong();
            link.progressed();
        }
    }

    /** Up to which one they have come back, and been answered. */
    private long returned() {
        return Math.min(heard, answered);
    }

    private static int place(long number) {
        return (int) (number % (MOST_MISSED + 1));
    }

    boolean isProven() {
        return returned() > 0;
    }

    /** When what came back last had been sent: until then nothing was lost. */
    long provenAt() {
        return sentAt[place(returned())];
    }

    @Override
    public void message(byte[] channel, byte[] message) {
        if (Arrays.equals(channel, probeChannel)) {
            probeCame(ByteBuffer.wrap(message));
        } else {
            link.message(channel, message);
        }
    }

    @Override
    public void smessage(byte[] channel, byte[] message) {
        message(channel, message);
    }

    @Override
    public void subscribed(byte[] channel, long count) {
        if (!Arrays.equals(channel, probeChannel)) {
            link.subscribed(channel);
        }
    }

    @Override
    public void ssubscribed(byte[] channel, long count) {
        subscribed(channel, count);
    }

    @Override
    public void unsubscribed(byte[] channel, long count) {
        link.unsubscribed(channel);
    }

    @Override
    public void sunsubscribed(byte[] channel, long count) {
        unsubscribed(channel, count);
    }
}
