package io.tankws.backplane.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** Finds the servers, anew for each life of the connections. Everything happens on the backplane's thread. */
final class Discovery {
    private static final int MOST_SERVERS = 1000;

    private final RedisConnections connections;
    private final RedisAddress address;

    /** Rotates, so that a seed that lies or hangs is not asked first again. */
    private int firstSeed;

    Discovery(RedisConnections connections, RedisAddress address) {
        this.connections = connections;
        this.address = address;
    }

    CompletionStage<Topology> find(ConnectionKeeper keeper) {
        return switch (address.kind()) {
            case SINGLE -> CompletableFuture.completedStage(Topology.single(address.data()));
            case SENTINEL -> ask(keeper, this::master);
            case CLUSTER -> ask(keeper, this::slots);
        };
    }

    /** Asks one seed after the other until one knows. */
    private CompletionStage<Topology> ask(
            ConnectionKeeper keeper,
            BiFunction<RedisURI, StatefulRedisConnection<byte[], byte[]>, CompletionStage<Topology>> question) {
        CompletableFuture<Topology> answer = new CompletableFuture<>();
        ask(keeper, question, firstSeed++, address.seeds().size(), answer);
        return answer;
    }

    private void ask(
            ConnectionKeeper keeper,
            BiFunction<RedisURI, StatefulRedisConnection<byte[], byte[]>, CompletionStage<Topology>> question,
            int seed,
            int left,
            CompletableFuture<Topology> answer) {
        RedisURI uri = address.seeds().get(Math.floorMod(seed, address.seeds().size()));
        keeper.keep(connections.commands(uri))
                .thenCompose(connection ->
                        question.apply(uri, connection).whenComplete((topology, failure) -> keeper.close(connection)))
                .whenCompleteAsync(
                        (topology, failure) -> {
                            if (failure == null) {
                                answer.complete(topology);
                            } else if (left <= 1 || answer.isDone() || keeper.isClosed()) {
                                answer.completeExceptionally(failure);
                            } else {
                                ask(keeper, question, seed + 1, left - 1, answer);
                            }
                        },
                        connections.loop());
    }

    private CompletionStage<Topology> master(RedisURI sentinel, StatefulRedisConnection<byte[], byte[]> connection) {
        String master = address.data().getSentinelMasterId();
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add("get-master-addr-by-name")
                .add(master);
        return connection
                .async()
                .dispatch(CommandType.SENTINEL, new ValueListOutput<>(ByteArrayCodec.INSTANCE), args)
                .thenApply(reply -> {
                    if (reply.size() != 2) {
                        throw new RedisException("the sentinel knows no master of that name");
                    }
                    return Topology.single(address.server(text(reply.get(0)), Integer.parseInt(text(reply.get(1)))));
                });
    }

    private CompletionStage<Topology> slots(RedisURI seed, StatefulRedisConnection<byte[], byte[]> connection) {
        return connection.async().clusterSlots().thenApply(reply -> slots(seed, reply));
    }

    private Topology slots(RedisURI seed, List<?> ranges) {
        Map<String, Short> indices = new LinkedHashMap<>();
        List<RedisURI> servers = new ArrayList<>();
        short[] serverOfSlot = new short[SlotHash.SLOT_COUNT];
        Arrays.fill(serverOfSlot, (short) -1);
        for (Object range : ranges) {
            List<?> fields = (List<?>) range;
            List<?> master = (List<?>) fields.get(2);
            // A server that does not know its own name leaves it to us: it is the one we asked.
            String host = master.get(0) instanceof byte[] name && name.length > 0 ? text(name) : seed.getHost();
            int port = ((Number) master.get(1)).intValue();
            short index = indices.computeIfAbsent(host + ":" + port, key -> {
                servers.add(address.server(host, port));
                return (short) (servers.size() - 1);
            });
            int last = ((Number) fields.get(1)).intValue();
            for (int slot = ((Number) fields.get(0)).intValue(); slot <= last; slot++) {
                serverOfSlot[slot] = index;
            }
        }
        if (servers.size() > MOST_SERVERS) {
            throw new RedisException("more than " + MOST_SERVERS + " masters");
        }
        for (short index : serverOfSlot) {
            if (index < 0) {
                throw new RedisException("the Redis Cluster has slots that no server serves");
            }
        }
        return new Topology(servers, serverOfSlot);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
