package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lettuce.core.cluster.SlotHash;
import io.tankws.testkit.Await;
import io.tankws.testkit.FreePort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Redis Cluster of three masters with equal shares of the slots. */
final class TestRedisCluster implements AutoCloseable {
    static final int MASTERS = 3;

    final List<TestRedis> masters = new ArrayList<>();
    private final List<TestRedis> all = new ArrayList<>();

    TestRedisCluster() throws IOException {
        for (int i = 0; i < MASTERS; i++) {
            TestRedis master = join();
            masters.add(master);
            String first = "" + i * SlotHash.SLOT_COUNT / MASTERS;
            String last = "" + ((i + 1) * SlotHash.SLOT_COUNT / MASTERS - 1);
            assertEquals("OK", master.ask("CLUSTER", "ADDSLOTSRANGE", first, last));
        }
        for (TestRedis master : masters) {
            Await.until(
                    "the cluster is whole", () -> master.text("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
    }

    /** Starts a master. */
    private TestRedis join() throws IOException {
        int busPort = FreePort.find();
        TestRedis redis =
                TestRedis.start("cluster-enabled yes", "cluster-node-timeout 1000", "cluster-port " + busPort);
        all.add(redis);
        assertEquals("OK", redis.ask("CLUSTER", "SET-CONFIG-EPOCH", "" + all.size()));
        assertEquals("OK", all.get(0).ask("CLUSTER", "MEET", "127.0.0.1", "" + redis.port(), "" + busPort));
        return redis;
    }

    /** Adds a replica that is promoted when its master stops. */
    TestRedis replicaOf(TestRedis master) throws IOException {
        TestRedis replica = join();
        String id = master.text("CLUSTER", "MYID");
        Await.until(
                "the replica knows its master",
                () -> replica.text("CLUSTER", "REPLICATE", id).equals("OK"));
        Await.until(
                "the replica is in step",
                () -> replica.text("INFO", "replication").contains("master_link_status:up"));
        for (TestRedis other : masters) {
            Await.until(
                    "all know the replica",
                    () -> other.text("CLUSTER", "NODES").lines().anyMatch(line -> line.contains("slave " + id)));
        }
        return replica;
    }

    /** Returns the index of the master that has the slot of a channel. */
    static int masterOf(String channel) {
        int slot = SlotHash.getSlot(channel);
        return IntStream.range(0, MASTERS)
                .filter(i -> slot < (i + 1) * SlotHash.SLOT_COUNT / MASTERS)
                .findFirst()
                .orElseThrow();
    }

    String uri() {
        return masters.stream()
                .map(master -> "127.0.0.1:" + master.port())
                .collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    @Override
    public void close() throws IOException {
        for (TestRedis redis : all) {
            redis.close();
        }
    }
}
