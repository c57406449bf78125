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
 * One life of the connections: to one server, or to each master of a Redis Cluster. Nothing in it is ever mended; what breaks
 * one connection ends all of them, and another life begins. Of the backplane's thread.
 */
final class RedisSession {
    /** How long servers may take to be found, let us in and take the first subscription. */
    private static final long OPEN_TIMEOUT_MILLIS = 5_000;

    /** Names that may be tried for a probe channel of the right server: one in a thousand servers is hit long before. */
    private static final int MOST_PROBE_NAMES = 100_000;

    private final RedisConnectionFactory connections;
    private final RedisKeys names;
    private final Owner owner;
    private final ConnectionSet keeper;
    private final List<Shard> shards = new ArrayList<>();
    private final ChannelSubscriptions subscriptions;
    private Topology topology;
    private boolean closed;

    /** Whom a link tells. */
    interface Owner {
        void message(String channel, byte[] message);

        void heard(String channel);

        /** Something that was waited for has come. */
        void progressed();

        /** Told at least once if the link is broken. */
        void broken(RedisSession link, Throwable cause);
    }

    RedisSession(RedisConnectionFactory connections, RedisKeys names, Set<String> wanted, Owner owner) {
        this.connections = connections;
        this.names = names;
        this.owner = owner;
        keeper = new ConnectionSet(connections.loop());
        subscriptions = new ChannelSubscriptions(this, names, wanted);
    }

    /** Connects. Failure is told to the owner. */
    void open(Discovery discovery, Runnable onOpen) {
        awaitLogin(RunningTime.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OPEN_TIMEOUT_MILLIS));
        discovery
                .find(keeper)
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

    /** Again after a gap, in which this process could not hear the servers. */
    private void awaitLogin(long deadline) {
        connections
                .loop()
                .schedule(
                        () -> {
                            if (subscriptions.hasBegun()) {
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
            throw new SessionException("too late");
        }
        topology = found;
        List<CompletableFuture<Void>> opening = new ArrayList<>();
        for (int i = 0; i < found.servers().size(); i++) {
            Shard shard = new Shard(this, found.isCluster(), probeChannel(i));
            shards.add(shard);
            opening.add(shard.open(connections, keeper, found.servers().get(i)).toCompletableFuture());
        }
        return CompletableFuture.allOf(opening.toArray(new CompletableFuture<?>[0]));
    }

    private byte[] probeChannel(int server) {
        for (int i = 0; i < MOST_PROBE_NAMES; i++) {
            byte[] name = names.probe(System.identityHashCode(this) + "-" + i);
            if (indexOf(name) == server) {
                return name;
            }
        }
        throw new SessionException("a server has too few slots to be probed");
    }

    private int indexOf(byte[] key) {
        return topology.isCluster() ? topology.serverOfSlot()[SlotHash.getSlot(key)] : 0;
    }

    boolean isCluster() {
        return topology.isCluster();
    }

    /** The one that has this channel or key. */
    Shard shard(byte[] key) {
        return shards.get(indexOf(key));
    }

    CompletionStage<Long> publish(String channel, byte[] message) {
        byte[] name = names.channel(channel);
        return watched(shard(name).publish(name, message));
    }

    /** Runs a script where its keys are, which must be in one slot. */
    <T> CompletionStage<T> eval(byte[] script, ScriptOutputType type, byte[][] keys, byte[]... args) {
        return watched(shard(keys[0]).commands().async().eval(script, type, keys, args));
    }

    /**
     * Says in the SPI's words why a command failed. A server that has become a replica, lost a slot or the like ends the life in
     * which we took it for another.
     */
    private <T> CompletionStage<T> watched(RedisFuture<T> reply) {
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

    /** Sends probes to all, and fails if too many are missing. */
    void probe() {
        for (Shard shard : List.copyOf(shards)) {
            if (!closed && !shard.probe()) {
                fail(new SessionException("Redis does not bring back what is sent to it"));
            }
        }
    }

    boolean isProven() {
        return shards.stream().allMatch(Shard::isProven);
    }

    /** What runs its servers; for a link that is open. */
    Set<String> runs() {
        return shards.stream()
                .map(shard -> shard.id().run())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /** Whether each server is one of those, or has begun since; for a link that is open. */
    boolean isOf(Set<String> runs, long since) {
        return shards.stream()
                .map(Shard::id)
                .allMatch(id -> id.run() != null && runs.contains(id.run()) || id.hasStartedSince(since));
    }

    /** Until when nothing can have been lost; for a link that is proven. */
    long provenAt() {
        long now = System.nanoTime();
        long age =
                shards.stream().mapToLong(shard -> now - shard.provenAt()).max().orElse(0);
        return now - age;
    }

    void message(byte[] channel, byte[] message) {
        String name = closed ? null : names.name(channel);
        if (name != null) {
            owner.message(name, message);
        }
    }

    void subscribed(byte[] channel) {
        String name = closed ? null : names.name(channel);
        if (name != null && subscriptions.subscribed(name)) {
            progressed();
        }
    }

    void heard(String channel) {
        owner.heard(channel);
    }

    void unsubscribed(byte[] channel) {
        String name = names.name(channel);
        if (closed) {
            return;
        }
        if (name == null || !subscriptions.unsubscribed(name)) {
            fail(new SessionException("Redis has ended a subscription by itself"));
        } else {
            progressed();
        }
    }

    void progressed() {
        if (!closed) {
            owner.progressed();
        }
    }

    void fail(Throwable cause) {
        if (!closed) {
            owner.broken(this, RedisErrors.masked(cause));
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends the connections; what was on its way fails. */
    CompletionStage<Void> close() {
        closed = true;
        return keeper.close();
    }
}
