package io.tankws.backplane.redis;

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
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** The discovery of the servers, repeated for each session. Used by the backplane's event loop only. */
final class Discovery {
    private static final int MAX_SERVERS = 1000;

    private final RedisConnectionFactory connections;
    private final RedisEndpoints endpoints;

    /** Servers of the Redis Cluster at the last discovery. They are asked if no seed answers. */
    private Set<RedisURI> known = Set.of();

    /**
     * Index of the seed that is asked first. It rotates, so that a seed that fails or hangs does not stay the first
     * one.
     */
    private int firstSeed;

    Discovery(RedisConnectionFactory connections, RedisEndpoints address) {
        this.connections = connections;
        this.endpoints = address;
    }

    CompletionStage<Topology> find(ConnectionSet keeper) {
        return switch (endpoints.kind()) {
            case SINGLE -> CompletableFuture.completedStage(Topology.single(endpoints.data()));
            case SENTINEL -> ask(keeper, this::master);
            case CLUSTER -> ask(keeper, this::slots);
        };
    }

    /** Asks one seed after the other until one gives an answer. */
    private CompletionStage<Topology> ask(
            ConnectionSet keeper,
            BiFunction<RedisURI, StatefulRedisConnection<byte[], byte[]>, CompletionStage<Topology>> question) {
        List<RedisURI> seeds = new ArrayList<>(endpoints.seeds());
        Collections.rotate(seeds, -(firstSeed++ % seeds.size()));
        seeds.addAll(known);
        CompletableFuture<Topology> answer = new CompletableFuture<>();
        ask(keeper, question, seeds.iterator(), answer);
        return answer;
    }

    private void ask(
            ConnectionSet keeper,
            BiFunction<RedisURI, StatefulRedisConnection<byte[], byte[]>, CompletionStage<Topology>> question,
            Iterator<RedisURI> seeds,
            CompletableFuture<Topology> answer) {
        RedisURI uri = seeds.next();
        keeper.keep(connections.commands(uri))
                .thenCompose(connection ->
                        question.apply(uri, connection).whenComplete((topology, failure) -> keeper.close(connection)))
                .whenCompleteAsync(
                        (topology, failure) -> {
                            if (failure == null) {
                                answer.complete(topology);
                            } else if (!seeds.hasNext() || keeper.isClosed()) {
                                answer.completeExceptionally(failure);
                            } else {
                                ask(keeper, question, seeds, answer);
                            }
                        },
                        connections.loop());
    }

    private CompletionStage<Topology> master(RedisURI sentinel, StatefulRedisConnection<byte[], byte[]> connection) {
        String master = endpoints.data().getSentinelMasterId();
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add("get-master-addr-by-name")
                .add(master);
        return connection
                .async()
                .dispatch(CommandType.SENTINEL, new ValueListOutput<>(ByteArrayCodec.INSTANCE), args)
                .thenApply(reply -> {
                    if (reply.size() != 2) {
                        throw new SessionException("the sentinel knows no master of that name");
                    }
                    return Topology.single(endpoints.server(text(reply.get(0)), Integer.parseInt(text(reply.get(1)))));
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
        Set<RedisURI> all = new LinkedHashSet<>();
        for (Object range : ranges) {
            List<?> fields = (List<?>) range;
            fields.subList(2, fields.size()).forEach(server -> all.add(server(seed, (List<?>) server)));
            RedisURI master = server(seed, (List<?>) fields.get(2));
            short index = indices.computeIfAbsent(master.getHost() + ":" + master.getPort(), key -> {
                servers.add(master);
                return (short) (servers.size() - 1);
            });
            int last = ((Number) fields.get(1)).intValue();
            for (int slot = ((Number) fields.get(0)).intValue(); slot <= last; slot++) {
                serverOfSlot[slot] = index;
            }
        }
        if (all.size() > MAX_SERVERS) {
            throw new SessionException("more than " + MAX_SERVERS + " servers");
        }
        for (short index : serverOfSlot) {
            if (index < 0) {
                throw new SessionException("the Redis Cluster has slots that no server serves");
            }
        }
        known = all;
        return new Topology(servers, serverOfSlot);
    }

    private RedisURI server(RedisURI seed, List<?> fields) {
        // A server that does not know its own name sends an empty one. It is the server that was asked.
        String host = fields.get(0) instanceof byte[] name && name.length > 0 ? text(name) : seed.getHost();
        return endpoints.server(host, ((Number) fields.get(1)).intValue());
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
