package io.tankws.backplane.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.SlotHash;
import io.tankws.spi.support.RunningTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The connections to one server, or to each master of a Redis Cluster, from discovery to failure. A session is never
 * repaired: the failure of one connection ends all of them, and a new session follows. Used by the backplane's event
 * loop only.
 */
final class RedisSession {
    /** Time in milliseconds for discovery, login and the first subscription. */
    private static final long OPEN_TIMEOUT_MILLIS = 5_000;

    /** Maximum number of names tried for a probe channel in a slot of the server. A thousand servers need far fewer. */
    private static final int MAX_PROBE_NAMES = 100_000;

    private final RedisConnectionFactory connections;
    private final RedisKeys keys;
    private final Owner owner;
    private final ConnectionSet connectionSet;
    private final List<Shard> shards = new ArrayList<>();
    private final ChannelSubscriptions subscriptions;

    @SuppressWarnings("NullAway.Init") // set by open
    private Topology topology;

    private boolean closed;

    /** The receiver of the events of a session. */
    interface Owner {
        void onMessage(String channel, byte[] message);

        void onSubscribed(String channel);

        /** Called when an awaited reply has arrived. */
        void onProgress();

        /** Called at least once after the session has failed. */
        void onSessionFailed(RedisSession session, Throwable cause);
    }

    RedisSession(RedisConnectionFactory connections, RedisKeys keys, Set<String> requested, Owner owner) {
        this.connections = connections;
        this.keys = keys;
        this.owner = owner;
        connectionSet = new ConnectionSet(connections.loop());
        subscriptions = new ChannelSubscriptions(this, keys, requested);
    }

    /** Connects. The owner is notified of a failure. */
    void open(Discovery discovery, Runnable onOpen) {
        awaitLogin(RunningTime.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OPEN_TIMEOUT_MILLIS));
        discovery
                .find(connectionSet)
                .thenComposeAsync(this::connect, connections.loop())
                .whenCompleteAsync(
                        (nothing, failure) -> {
                            if (failure != null) {
                                fail(RedisErrors.unwrap(failure));
                            } else if (!closed) {
                                onOpen.run();
                            }
                        },
                        connections.loop());
    }

    /** Fails the session at the deadline. The time in which the process was suspended does not count. */
    private void awaitLogin(long deadline) {
        connections
                .loop()
                .schedule(
                        () -> {
                            if (subscriptions.hasStarted()) {
                                return;
                            }
                            if (deadline - RunningTime.nanoTime() > 0) {
                                awaitLogin(deadline);
                            } else {
                                fail(new SessionException(
                                        "login to Redis timed out after " + OPEN_TIMEOUT_MILLIS + " ms"));
                            }
                        },
                        Math.max(1, deadline - RunningTime.nanoTime()),
                        TimeUnit.NANOSECONDS);
    }

    private CompletionStage<Void> connect(Topology found) {
        if (closed) {
            throw new SessionException("the session was closed during discovery");
        }
        topology = found;
        List<CompletableFuture<Void>> opening = new ArrayList<>();
        for (int i = 0; i < found.servers().size(); i++) {
            Shard shard = new Shard(this, found.isCluster(), probeChannel(i));
            shards.add(shard);
            opening.add(shard.open(connections, connectionSet, found.servers().get(i))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(opening.toArray(new CompletableFuture<?>[0]));
    }

    private byte[] probeChannel(int server) {
        for (int i = 0; i < MAX_PROBE_NAMES; i++) {
            byte[] name = keys.probe(System.identityHashCode(this) + "-" + i);
            if (indexOf(name) == server) {
                return name;
            }
        }
        throw new SessionException("a server has too few slots to be probed");
    }

    private int indexOf(byte[] key) {
        short[] slots = topology.serverOfSlot();
        return slots == null ? 0 : slots[SlotHash.getSlot(key)];
    }

    boolean isCluster() {
        return topology.isCluster();
    }

    /** Returns the server of a channel or key. */
    Shard shard(byte[] key) {
        return shards.get(indexOf(key));
    }

    CompletionStage<Long> publish(String channel, byte[] message) {
        return publish(keys.channel(channel), PublicationMessage.mark(message));
    }

    /** Publishes bytes on a channel of Redis as they are. */
    CompletionStage<Long> publish(byte[] channel, byte[] message) {
        return translateFailure(shard(channel).publish(channel, message));
    }

    CompletionStage<Long> delete(byte[] key) {
        return translateFailure(shard(key).commands().async().del(key));
    }

    /** Runs a script on the server of its keys, which must be in one slot. */
    <T> CompletionStage<T> eval(byte[] script, ScriptOutputType type, byte[][] keys, byte[]... args) {
        return translateFailure(shard(keys[0]).commands().async().eval(script, type, keys, args));
    }

    /** Runs a script of the history on the server of its keys, which must be in one slot. */
    <T> CompletionStage<T> run(HistoryScript script, ScriptOutputType type, byte[][] keys, byte[]... args) {
        return translateFailure(shard(keys[0]).run(script, type, keys, args));
    }

    /** Returns {@link ServerRun#identity} of the server of a key. */
    byte[] serverIdentity(byte[] key) {
        return shard(key).identity();
    }

    /**
     * Translates the failure of a command to an exception of the SPI. Fails the session if the server has changed its
     * role or its slots.
     */
    private <T> CompletionStage<T> translateFailure(RedisFuture<T> reply) {
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean[] returned = {false};
        reply.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
                return;
            }
            boolean misplaced = RedisErrors.isMisplaced(failure);
            result.completeExceptionally(RedisErrors.of(failure, !returned[0]));
            if (misplaced) {
                fail(failure);
            }
        });
        returned[0] = true;
        return result;
    }

    ChannelSubscriptions subscriptions() {
        return subscriptions;
    }

    /** Sends a probe to each server. Fails the session if too many probes of a server are missing. */
    void probe() {
        for (Shard shard : List.copyOf(shards)) {
            if (!closed && !shard.probe()) {
                fail(new SessionException("Redis does not return the probes that are published to it"));
            }
        }
    }

    boolean isVerified() {
        return shards.stream().allMatch(Shard::isVerified);
    }

    /** Returns the run ids of the servers. The session must be open. */
    Set<String> serverRunIds() {
        return shards.stream()
                .map(shard -> shard.serverRun().runId())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /** Returns whether a server evicts any key when its memory is full. The session must be open. */
    boolean evictsAnyKey() {
        return shards.stream().anyMatch(shard -> shard.serverRun().evictsAnyKey());
    }

    /** Returns whether each server has one of the run ids or was started after a time. The session must be open. */
    boolean isSameServers(Set<String> runs, long since) {
        return shards.stream()
                .map(Shard::serverRun)
                .allMatch(id -> id.runId() != null && runs.contains(id.runId()) || id.hasStartedSince(since));
    }

    /** Returns the time until which no message can have been lost. The session must be verified. */
    long verifiedAt() {
        long now = System.nanoTime();
        long age = shards.stream()
                .mapToLong(shard -> now - shard.verifiedAt())
                .max()
                .orElse(0);
        return now - age;
    }

    void message(byte[] channel, byte[] message) {
        String name = closed ? null : keys.channelName(channel);
        if (name != null) {
            owner.onMessage(name, message);
        }
    }

    void subscribed(byte[] channel) {
        String name = closed ? null : keys.channelName(channel);
        if (name != null && subscriptions.subscribed(name)) {
            progressed();
        }
    }

    void reportSubscribed(String channel) {
        owner.onSubscribed(channel);
    }

    void unsubscribed(byte[] channel) {
        String name = keys.channelName(channel);
        if (closed) {
            return;
        }
        if (name == null || !subscriptions.unsubscribed(name)) {
            fail(new SessionException("Redis has ended a subscription that was not cancelled"));
        } else {
            progressed();
        }
    }

    void progressed() {
        if (!closed) {
            owner.onProgress();
        }
    }

    void fail(Throwable cause) {
        if (!closed) {
            owner.onSessionFailed(this, RedisErrors.describe(cause));
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes the connections. Commands in flight fail. */
    CompletionStage<Void> close() {
        closed = true;
        return connectionSet.close();
    }
}
