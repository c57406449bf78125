package io.tankws.backplane.redis;

import io.lettuce.core.ScriptOutputType;
import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The counts that nodes share through Redis. Each node keeps its counts in a hash with a time-to-live, its lease.
 * While the hash is known to exist, only changed counts are written. Scripts write them, so that the hash always has
 * a time-to-live. Used by the backplane's event loop only.
 */
final class NodeCounts {
    /** Maximum number of counts that one script writes or removes. Redis serves no other client during a script. */
    private static final int BATCH = 500;

    /** Maximum number of digits of a count. */
    private static final int MAX_DIGITS = 19;

    /**
     * KEYS: lease, nodes. ARGV: milliseconds, node, "1" to delete the lease first. Returns 1 if the lease existed,
     * else 0.
     */
    private static final byte[] RENEW = RedisKeys.utf8("""
            redis.call('SADD', KEYS[2], ARGV[2])
            if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
            if ARGV[3] == '1' then redis.call('DEL', KEYS[1]) return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[1])
            """);

    /**
     * KEYS: lease. ARGV: milliseconds, "1" if the script may create the lease, number of counts to set, their names
     * and values alternately, names to remove. Returns -1 if the lease has expired, because a part of the counts must
     * not pass for all.
     */
    private static final byte[] WRITE = RedisKeys.utf8("""
            if ARGV[2] == '0' and redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
            local last = 3 + 2 * tonumber(ARGV[3])
            for i = 4, last, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
            for i = last + 1, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
            return redis.call('PEXPIRE', KEYS[1], ARGV[1])
            """);

    /** KEYS: lease, nodes. ARGV: node. */
    private static final byte[] REMOVE = RedisKeys.utf8("""
            redis.call('SREM', KEYS[2], ARGV[1])
            return redis.call('DEL', KEYS[1])
            """);

    /** KEYS: nodes. ARGV: node, prefix of lease keys, name of the count. All leases are in the same slot. */
    private static final byte[] OTHERS = RedisKeys.utf8("""
            local found = {}
            for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
              if node ~= ARGV[1] then
                local value = redis.call('HGET', ARGV[2] .. node, ARGV[3])
                if value then found[#found + 1] = value
                elseif redis.call('EXISTS', ARGV[2] .. node) == 0 then redis.call('SREM', KEYS[1], node) end
              end
            end
            return found
            """);

    /** KEYS: nodes. ARGV: node, prefix of lease keys. Returns the other nodes with a lease. */
    private static final byte[] NODES = RedisKeys.utf8("""
            local found = {}
            for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
              if node ~= ARGV[1] and redis.call('EXISTS', ARGV[2] .. node) == 1 then found[#found + 1] = node end
            end
            return found
            """);

    private final RedisKeys keys;

    /** Counts that Redis has from {@link #writtenBy}, or {@code null} if they are not known. */
    private @Nullable Map<String, Long> written;

    private @Nullable RedisSession writtenBy;
    private @Nullable Task running;
    private @Nullable Task waiting;
    private boolean removed;

    /** A write of all counts. At most one waits while another one runs; a newer one replaces the waiting one. */
    private static final class Task {
        final CompletableFuture<Void> done = new CompletableFuture<>();

        @SuppressWarnings("NullAway.Init") // set before it runs
        Map<String, Long> counts;

        @SuppressWarnings("NullAway.Init") // set before it runs
        byte[] millis;
    }

    NodeCounts(RedisKeys keys) {
        this.keys = keys;
    }

    /** Writes the counts after the write that is in flight. */
    CompletionStage<Void> lease(RedisSession session, Map<String, Long> figures, Duration time) {
        Task task = waiting == null ? new Task() : waiting;
        task.counts = figures;
        task.millis = RedisKeys.utf8(Long.toString(Math.max(1, time.toMillis())));
        if (running == null) {
            run(session, task);
        } else {
            waiting = task;
        }
        return task.done;
    }

    private void run(RedisSession session, Task task) {
        running = task;
        // Another session may have reached a server that lacks counts written before.
        @Nullable Map<String, Long> known = writtenBy == session ? written : null;
        boolean full = known == null;
        Map<String, Long> before = known == null ? Map.of() : known;
        written = null;
        byte[][] args = {task.millis, keys.node(), RedisKeys.utf8(full ? "1" : "0")};
        session.<Long>eval(RENEW, ScriptOutputType.INTEGER, bothKeys(), args)
                .thenCompose(there -> there == 1
                        ? write(session, task, changes(before, task.counts), 0, false)
                        : write(session, task, changes(Map.of(), task.counts), 0, true))
                .whenComplete((nothing, failure) -> finish(session, task, failure));
    }

    private void finish(RedisSession session, Task task, Throwable failure) {
        if (failure == null) {
            written = task.counts;
            writtenBy = session;
        }
        running = null;
        Task next = waiting;
        waiting = null;
        if (next != null) {
            run(session, next);
        }
        if (failure == null) {
            task.done.complete(null);
        } else {
            task.done.completeExceptionally(failure);
        }
    }

    /** The name of a count and its new value, or {@code null} if it is removed. */
    private record Change(byte[] name, byte @Nullable [] value) {}

    private static List<Change> changes(Map<String, Long> before, Map<String, Long> after) {
        List<Change> changes = new ArrayList<>();
        after.forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                changes.add(new Change(RedisKeys.text(name), RedisKeys.utf8(value.toString())));
            }
        });
        before.keySet().forEach(name -> {
            if (!after.containsKey(name)) {
                changes.add(new Change(RedisKeys.text(name), null));
            }
        });
        return changes;
    }

    private CompletionStage<Void> write(
            RedisSession session, Task task, List<Change> changes, int from, boolean create) {
        if (removed || from >= changes.size()) {
            return CompletableFuture.completedStage(null);
        }
        int to = Math.min(changes.size(), from + BATCH);
        List<byte[]> set = new ArrayList<>();
        List<byte[]> removed = new ArrayList<>();
        for (Change change : changes.subList(from, to)) {
            if (change.value() == null) {
                removed.add(change.name());
            } else {
                set.add(change.name());
                set.add(change.value());
            }
        }
        List<byte[]> args = new ArrayList<>(List.of(
                task.millis, RedisKeys.utf8(create ? "1" : "0"), RedisKeys.utf8(Integer.toString(set.size() / 2))));
        args.addAll(set);
        args.addAll(removed);
        byte[][] leaseKey = {keys.lease()};
        return session.<Long>eval(WRITE, ScriptOutputType.INTEGER, leaseKey, args.toArray(new byte[0][]))
                .thenCompose(there -> {
                    if (there < 0) {
                        throw new BackplaneException(
                                Reason.REFUSED, "the counts expired while they were written", null);
                    }
                    return write(session, task, changes, to, false);
                });
    }

    CompletionStage<Long> sumOfOthers(RedisSession session, String figure) {
        byte[][] nodesKey = {keys.nodes()};
        return session.<List<byte[]>>eval(
                        OTHERS,
                        ScriptOutputType.MULTI,
                        nodesKey,
                        keys.node(),
                        keys.leasePrefix(),
                        RedisKeys.text(figure))
                .thenApply(found ->
                        found.stream().mapToLong(NodeCounts::parseCount).reduce(0, NodeCounts::addSaturated));
    }

    CompletionStage<Set<String>> otherNodes(RedisSession session) {
        byte[][] nodesKey = {keys.nodes()};
        return session.<List<byte[]>>eval(NODES, ScriptOutputType.MULTI, nodesKey, keys.node(), keys.leasePrefix())
                .thenApply(found -> found.stream()
                        .map(node -> new String(node, StandardCharsets.UTF_8))
                        .collect(Collectors.toSet()));
    }

    /** Parses a count of another node. Bytes that no node can have written count as 0. */
    static long parseCount(byte[] value) {
        if (value.length == 0 || value.length > MAX_DIGITS) {
            return 0;
        }
        long figure = 0;
        for (byte digit : value) {
            if (digit < '0' || digit > '9') {
                return 0;
            }
            figure = figure * 10 + digit - '0';
        }
        // Twice the largest number is negative, and 19 digits are less than that.
        return Math.max(0, figure);
    }

    /** Adds counts. {@link Long#MAX_VALUE} replaces an overflow. */
    static long addSaturated(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Removes the counts of this node. Writes in flight do not bring them back. */
    CompletionStage<Long> remove(RedisSession session) {
        removed = true;
        return session.eval(REMOVE, ScriptOutputType.INTEGER, bothKeys(), keys.node());
    }

    private byte[][] bothKeys() {
        return new byte[][] {keys.lease(), keys.nodes()};
    }
}
