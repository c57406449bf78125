package io.tankws.core.history;

import io.tankws.StreamPosition;
import io.tankws.spi.HistoryStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The positions of publications with an idempotency key, the oldest one first. Each has the same lifetime. When the
 * table is full, the oldest key makes room. Not thread-safe.
 */
final class IdempotencyTable {
    private static final long LIFETIME = HistoryStore.IDEMPOTENCY_LIFETIME.toNanos();

    private final int maxKeys;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        final StreamPosition position;
        /** Time at which the key is forgotten, in nanoseconds. */
        final long until;

        Entry(StreamPosition position, long until) {
            this.position = position;
            this.until = until;
        }
    }

    IdempotencyTable(int maxKeys) {
        this.maxKeys = maxKeys;
    }

    /** Returns the position of the publication with a key, or {@code null} if the key is unknown. */
    @Nullable
    StreamPosition find(String topic, String key, long now) {
        Entry entry = entries.get(id(topic, key));
        return entry == null || entry.until <= now ? null : entry.position;
    }

    /** Remembers a key that {@link #find} does not find. */
    void add(String topic, String key, StreamPosition position, long now) {
        String id = id(topic, key);
        // An expired entry would keep its place at the front.
        entries.remove(id);
        if (entries.size() >= maxKeys) {
            forgetOldest();
        }
        entries.put(id, new Entry(position, now + LIFETIME));
    }

    /** Removes the oldest key if it has reached the end of its lifetime. Returns whether it did. */
    boolean forgetExpired(long now) {
        if (entries.isEmpty() || entries.values().iterator().next().until > now) {
            return false;
        }
        forgetOldest();
        return true;
    }

    private void forgetOldest() {
        Iterator<Entry> oldest = entries.values().iterator();
        oldest.next();
        oldest.remove();
    }

    void clear() {
        entries.clear();
    }

    int size() {
        return entries.size();
    }

    /** Returns one string for both, which is unambiguous because of the length. */
    private static String id(String topic, String key) {
        return topic.length() + ":" + topic + key;
    }
}
