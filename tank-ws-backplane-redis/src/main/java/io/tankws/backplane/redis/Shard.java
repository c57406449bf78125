package io.tankws.backplane.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The two connections to one server: one sends commands, one receives messages. Probes verify that the server is a
 * master that returns messages published on the first connection on the second one. Used by the backplane's event
 * loop only.
 */
final class Shard extends RedisPubSubAdapter<byte[], byte[]> implements RedisConnectionStateListener {
    /** Maximum number of probes in flight. The next tick after that many missing probes fails the session. */
    private static final int MAX_MISSING_PROBES = 2;

    /** Required role. A replica accepts publications and does not forward them. */
    private static final String MASTER = "master";

    private static final Set<String> OTHER_ROLES = Set.of("slave", "replica", "sentinel");

    private final RedisSession session;
    private final boolean sharded;
    private final byte[] probeChannel;

    @SuppressWarnings("NullAway.Init") // set by open
    private StatefulRedisConnection<byte[], byte[]> commands;

    @SuppressWarnings("NullAway.Init") // set by open
    private StatefulRedisPubSubConnection<byte[], byte[]> subscriber;

    @SuppressWarnings("NullAway.Init") // set by open
    private ServerRun serverRun;
    /** {@link ServerRun#identity} of {@link #serverRun}. */
    private byte[] identity = {};
    /** Scripts whose text this connection has sent. */
    private final Set<HistoryScript> sentScripts = EnumSet.noneOf(HistoryScript.class);

    /** Number of the last probe that was sent. */
    private long sent;

    /** Number of the last probe that returned on the subscribed connection. */
    private long received;

    /** Number of the last probe whose command was answered. */
    private long answered;
    /** Send times of the probes in flight and of the last returned one, in nanoseconds. */
    private final long[] sentAt = new long[MAX_MISSING_PROBES + 1];

    Shard(RedisSession session, boolean sharded, byte[] probeChannel) {
        this.session = session;
        this.sharded = sharded;
        this.probeChannel = probeChannel;
    }

    /** Opens both connections and subscribes to the probe channel. */
    CompletionStage<Void> open(RedisConnectionFactory connections, ConnectionSet keeper, RedisURI uri) {
        return keeper.keep(connections.commands(uri))
                .thenCompose(connected -> {
                    commands = failSessionOnDisconnect(connected);
                    return keeper.keep(connections.subscriber(uri));
                })
                .thenCompose(connected -> {
                    subscriber = failSessionOnDisconnect(connected);
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
                    serverRun = known;
                    identity = RedisKeys.utf8(known.identity());
                });
    }

    /**
     * Rejects a node of a Redis Cluster in a URI of a single server, because one node has only a part of the
     * channels.
     */
    private void requireMode(ServerRun known) {
        if (!sharded && "cluster".equals(known.mode())) {
            throw new SessionException(
                    "the server is a node of a Redis Cluster; use a URI that begins with redis-cluster://");
        }
    }

    private static void requireMaster(List<Object> reply) {
        String role = new String((byte[]) reply.get(0), StandardCharsets.US_ASCII);
        if (!role.equals(MASTER)) {
            throw new SessionException(
                    "the server is not a master" + (OTHER_ROLES.contains(role) ? ", its role is " + role : ""));
        }
    }

    ServerRun serverRun() {
        return serverRun;
    }

    private <C extends StatefulConnection<?, ?>> C failSessionOnDisconnect(C connection) {
        connection.addListener(this);
        if (!connection.isOpen()) {
            throw new SessionException("the connection ended as soon as it opened");
        }
        return connection;
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        session.fail(new SessionException("a connection to Redis ended"));
    }

    RedisFuture<Long> publish(byte[] channel, byte[] message) {
        return sharded
                ? commands.async().spublish(channel, message)
                : commands.async().publish(channel, message);
    }

    /**
     * Runs a script. The first run sends its text, the next ones its digest. A run fails as {@code REFUSED} without an
     * effect if an operator has removed the scripts of the server. The next run sends the text then, but this one is
     * not repeated, because later runs may have overtaken it.
     */
    <T> RedisFuture<T> run(HistoryScript script, ScriptOutputType type, byte[][] keys, byte[]... args) {
        if (sentScripts.add(script)) {
            return commands.async().eval(script.text(), type, keys, args);
        }
        RedisFuture<T> reply = commands.async().evalsha(script.digest(), type, keys, args);
        reply.whenComplete((value, failure) -> {
            if (failure != null && RedisErrors.isScriptMissing(failure)) {
                sentScripts.remove(script);
            }
        });
        return reply;
    }

    byte[] identity() {
        return identity;
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

    /** Sends a probe. Returns {@code false} if too many are missing. */
    boolean probe() {
        if (sent - returned() >= MAX_MISSING_PROBES) {
            return false;
        }
        long number = ++sent;
        sentAt[slotOf(number)] = System.nanoTime();
        publish(probeChannel, ByteBuffer.allocate(Long.BYTES).putLong(number).array())
                .thenCompose(receivers -> commands.async().role())
                .thenAccept(role -> {
                    requireMaster(role);
                    answered = number;
                    session.progressed();
                })
                .exceptionally(failure -> {
                    session.fail(failure);
                    return null;
                });
        return true;
    }

    private void onProbe(ByteBuffer content) {
        if (content.remaining() == Long.BYTES) {
            received = content.getLong();
            session.progressed();
        }
    }

    /** Returns the number of the last probe that has returned and was answered. */
    private long returned() {
        return Math.min(received, answered);
    }

    private static int slotOf(long number) {
        return (int) (number % (MAX_MISSING_PROBES + 1));
    }

    boolean isVerified() {
        return returned() > 0;
    }

    /** Returns the send time of the last returned probe. No message was lost before. */
    long verifiedAt() {
        return sentAt[slotOf(returned())];
    }

    @Override
    public void message(byte[] channel, byte[] message) {
        if (Arrays.equals(channel, probeChannel)) {
            onProbe(ByteBuffer.wrap(message));
        } else {
            session.message(channel, message);
        }
    }

    @Override
    public void smessage(byte[] channel, byte[] message) {
        message(channel, message);
    }

    @Override
    public void subscribed(byte[] channel, long count) {
        if (!Arrays.equals(channel, probeChannel)) {
            session.subscribed(channel);
        }
    }

    @Override
    public void ssubscribed(byte[] channel, long count) {
        subscribed(channel, count);
    }

    @Override
    public void unsubscribed(byte[] channel, long count) {
        session.unsubscribed(channel);
    }

    @Override
    public void sunsubscribed(byte[] channel, long count) {
        unsubscribed(channel, count);
    }
}
