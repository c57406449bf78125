package io.tankws.backplane.redis;

import io.tankws.spi.HistoryStore;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The idempotency keys that this node has written to Redis, the oldest one first. When there are too many, the oldest
 * one is removed before its time, so that each node has a bounded part in the memory of Redis. Used by the backplane's
 * event loop only.
 */
final class IdempotencyKeys {
    private static final long LIFETIME = HistoryStore.IDEMPOTENCY_LIFETIME.toNanos();

    private final int maxKeys;
    private final Queue<Entry> oldestFirst = new ArrayDeque<>();

    /** A key in Redis and the time at which it has expired there, by {@link System#nanoTime()}. */
    private record Entry(byte[] key, long until) {}

    IdempotencyKeys(int maxKeys) {
        this.maxKeys = maxKeys;
    }

    /** Remembers a key that Redis has written. */
    void add(RedisSession session, byte[] key, long now) {
        Entry oldest = oldestFirst.peek();
        while (oldest != null && oldest.until() - now <= 0) {
            oldestFirst.remove();
            oldest = oldestFirst.peek();
        }
        if (oldest != null && oldestFirst.size() >= maxKeys) {
            oldestFirst.remove();
            // If this fails, the key expires on its own.
            session.delete(oldest.key());
        }
        oldestFirst.add(new Entry(key, now + LIFETIME));
    }

    int size() {
        return oldestFirst.size();
    }
}
