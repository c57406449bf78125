package io.tankws.backplane.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The figures that nodes leave in Redis: a hash for each node, which expires, and a set of the nodes. Their names share a
 * hash tag, so that a cluster's are on one master of a Redis Cluster. Only what has changed is written.
 */
final class Leases {
    /** Of one command. */
    private static final int MOST_FIGURES = 1000;

    /** Writes what changed, unless the rest is gone; answers 0 then. A hash never stays without an end. */
    private static final byte[] WRITE = utf8("""
            if ARGV[3] == '0' and redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
            for i = 4, #ARGV, 2 do
              if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[i])
              else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            redis.call('SADD', KEYS[2], ARGV[2])
            redis.call('PEXPIRE', KEYS[2], ARGV[1] * 10)
            return 1
            """);

    /** Adds up, and forgets the nodes whose figures have expired. */
    private static final byte[] SUM = utf8("""
            local sum = 0
            for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
              if node ~= ARGV[1] then
                local lease = ARGV[2] .. node
                if redis.call('EXISTS', lease) == 0 then redis.call('SREM', KEYS[1], node)
                else sum = sum + (tonumber(redis.call('HGET', lease, ARGV[3]) or '0') or 0) end
              end
            end
            return sum
            """);

    private static final byte[] LEAVE =
            utf8("redis.call('DEL', KEYS[1]) redis.call('SREM', KEYS[2], ARGV[1]) return 1");

    private final String node;
    private final String prefix;
    private final byte[][] keys;
    private Map<String, Long> left;

    Leases(String cluster, String node) {
        this.node = node;
        prefix = "tankws:{" + cluster + "}:lease:";
        keys = new byte[][] {utf8(prefix + node), utf8("tankws:{" + cluster + "}:nodes")};
    }

    /** Leaves figures; the next call must wait for the end of this. */
    CompletionStage<Void> lease(
            RedisClusterAsyncCommands<byte[], byte[]> redis, Map<String, Long> figures, Duration time) {
        Map<String, Long> before = before();
        CompletionStage<Boolean> written = before == null
                ? CompletableFuture.completedStage(false)
                : write(redis, changes(before, figures), time, false);
        return written.thenCompose(known -> known
                        ? CompletableFuture.completedStage(true)
                        : write(redis, changes(Map.of(), figures), time, true))
                .thenAccept(done -> note(figures));
    }

    private synchronized Map<String, Long> before() {
        return left;
    }

    private synchronized void note(Map<String, Long> figures) {
        left = Map.copyOf(figures);
    }

    private static List<byte[]> changes(Map<String, Long> before, Map<String, Long> after) {
        Map<String, String> changes = new HashMap<>();
        after.forEach((name, figure) -> {
            if (!figure.equals(before.get(name))) {
                changes.put(name, figure.toString());
            }
        });
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(name -> changes.put(name, ""));
        List<byte[]> words = new ArrayList<>(changes.size() * 2);
        changes.forEach((name, figure) -> {
            words.add(utf8(name));
            words.add(utf8(figure));
        });
        return words;
    }

    /** Completes with whether the rest of the figures was there. */
    private CompletionStage<Boolean> write(
            RedisClusterAsyncCommands<byte[], byte[]> redis, List<byte[]> changes, Duration time, boolean all) {
        CompletionStage<Boolean> written = CompletableFuture.completedStage(true);
        int from = 0;
        do {
            List<byte[]> words = new ArrayList<>();
            words.add(utf8(String.valueOf(time.toMillis())));
            words.add(utf8(node));
            words.add(utf8(all ? "1" : "0"));
            int to = Math.min(changes.size(), from + MOST_FIGURES * 2);
            words.addAll(changes.subList(from, to));
            from = to;
            written = written.thenCompose(known -> known
                    ? redis.<Long>eval(WRITE, ScriptOutputType.INTEGER, keys, words.toArray(byte[][]::new))
                            .thenApply(answer -> answer == 1)
                    : CompletableFuture.completedStage(false));
        } while (from < changes.size());
        return written;
    }

    CompletionStage<Long> sumOfOthers(RedisClusterAsyncCommands<byte[], byte[]> redis, String figure) {
        return redis.eval(
                SUM, ScriptOutputType.INTEGER, new byte[][] {keys[1]}, utf8(node), utf8(prefix), utf8(figure));
    }

    CompletionStage<?> leave(RedisClusterAsyncCommands<byte[], byte[]> redis) {
        return redis.eval(LEAVE, ScriptOutputType.INTEGER, keys, utf8(node));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
