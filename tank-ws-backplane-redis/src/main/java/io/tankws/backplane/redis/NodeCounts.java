package io.tankws.backplane.redis;

import io.lettuce.core.ScriptOutputType;
import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * This node's figures, in a hash that lapses unless it is renewed, and those of the others. Only what has changed is written, as
 * long as the hash is known to be there. Scripts write, so that the hash never lives without its end. Of the backplane's
 * thread.
 */
final class NodeCounts {
    /** Figures that one script writes or removes; Redis answers nobody else meanwhile. */
    private static final int BATCH = 500;

    /** Digits of a figure. */
    private static final int MAX_DIGITS = 19;

    /** KEYS: lease, nodes. ARGV: milliseconds, node, "1" to forget what was there. Returns whether the lease was there. */
    private static final byte[] RENEW = RedisKeys.utf8("""
            redis.call('SADD', KEYS[2], ARGV[2])
            if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
            if ARGV[3] == '1' then redis.call('DEL', KEYS[1]) return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[1])
            """);

    /**
     * KEYS: lease. ARGV: milliseconds, "1" if the lease may be made by this, how many figures to set, their names and values in
     * turn, names to remove. Returns -1 if the lease has gone, whose rest would pass for the whole.
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

    /** KEYS: nodes. ARGV: node, what a lease's key begins with, figure. The other leases are in the same slot. */
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

    private final RedisKeys names;

    /** What is in Redis, and by which link it came there; {@code null} if that is not known. */
    private Map<String, Long> written;

    private RedisSession writtenBy;
    private Task running;
    private Task waiting;
    private boolean removed;

    /** Figures on their way; at most one waits behind another, and takes the place of one that waits already. */
    private static final class Task {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        Map<String, Long> figures;
        byte[] millis;
    }

    NodeCounts(RedisKeys names) {
        this.names = names;
    }

    /** Leaves them, behind those that are on their way. */
    CompletionStage<Void> lease(RedisSession link, Map<String, Long> figures, Duration time) {
        Task task = waiting == null ? new Task() : waiting;
        task.figures = figures;
        task.millis = RedisKeys.utf8(Long.toString(Math.max(1, time.toMillis())));
        if (running == null) {
            run(link, task);
        } else {
            waiting = task;
        }
        return task.done;
    }

    private void run(RedisSession link, Task task) {
        running = task;
        // Another link may have led to a server that has not all we wrote.
        boolean anew = written == null || writtenBy != link;
        Map<String, Long> before = anew ? Map.of() : written;
        written = null;
        byte[][] args = {task.millis, names.node(), RedisKeys.utf8(anew ? "1" : "0")};
        link.<Long>eval(RENEW, ScriptOutputType.INTEGER, keys(), args)
                .thenCompose(there -> there == 1
                        ? write(link, task, changes(before, task.figures), 0, false)
                        : write(link, task, changes(Map.of(), task.figures), 0, true))
                .whenComplete((nothing, failure) -> finish(link, task, failure));
    }

    private void finish(RedisSession link, Task task, Throwable failure) {
        if (failure == null) {
            written = task.figures;
            writtenBy = link;
        }
        running = null;
        Task next = waiting;
        waiting = null;
        if (next != null) {
            run(link, next);
        }
        if (failure == null) {
            task.done.complete(null);
        } else {
            task.done.completeExceptionally(failure);
        }
    }

    /** A name, and its new value or {@code null}. */
    private record Change(byte[] name, byte[] value) {}

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

    private CompletionStage<Void> write(RedisSession link, Task task, List<Change> changes, int from, boolean make) {
        if (removed || from >= changes.size()) {
            return CompletableFuture.completedStage(null);
        }
        int to = Math.min(changes.size(), from + BATCH);
        List<byte[]> set = new ArrayList<>();
        List<byte[]> gone = new ArrayList<>();
        for (Change change : changes.subList(from, to)) {
            if (change.value() == null) {
                gone.add(change.name());
            } else {
                set.add(change.name());
                set.add(change.value());
            }
        }
        List<byte[]> args = new ArrayList<>(List.of(
                task.millis, RedisKeys.utf8(make ? "1" : "0"), RedisKeys.utf8(Integer.toString(set.size() / 2))));
        args.addAll(set);
        args.addAll(gone);
        byte[][] keys = {names.lease()};
        return link.<Long>eval(WRITE, ScriptOutputType.INTEGER, keys, args.toArray(new byte[0][]))
                .thenCompose(there -> {
                    if (there < 0) {
                        throw new BackplaneException(
                                Reason.REFUSED, "the figures lapsed while they were written", null);
                    }
                    return write(link, task, changes, to, false);
                });
    }

    CompletionStage<Long> sumOfOthers(RedisSession link, String figure) {
        byte[][] keys = {names.nodes()};
        return link.<List<byte[]>>eval(
                        OTHERS, ScriptOutputType.MULTI, keys, names.node(), names.leasePrefix(), RedisKeys.text(figure))
                .thenApply(found -> found.stream().mapToLong(NodeCounts::figure).reduce(0, NodeCounts::plus));
    }

    /** Reads a figure that another node has left; what no node can have left counts as 0. */
    static long figure(byte[] value) {
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

    /** Adds figures without an overflow. */
    static long plus(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** For good: what is on its way to be written stays away. */
    CompletionStage<Long> remove(RedisSession link) {
        removed = true;
        return link.eval(REMOVE, ScriptOutputType.INTEGER, keys(), names.node());
    }

    private byte[][] keys() {
        return new byte[][] {names.lease(), names.nodes()};
    }
}
