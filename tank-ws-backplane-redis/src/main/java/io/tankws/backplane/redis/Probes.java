package io.tankws.backplane.redis;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is sent over each connection of one link and must come back. Safe for use by several threads. */
final class Probes {
    /** So many in a row that do not come back are the end of the link. */
    private static final int MOST_MISSED = 2;

    private final Map<String, Long> back = new HashMap<>();
    private final Map<String, Long> backAt = new HashMap<>();
    /** What an earlier link has sent may still come. */
    private final long base;

    private long sent;

    /**
     * Makes those of one link.
     *
     * @param base the last number that an earlier link has used
     */
    Probes(List<String> channels, long base) {
        this.base = base;
        sent = base;
        for (String channel : channels) {
            back.put(channel, base);
        }
    }

    synchronized long sent() {
        return sent;
    }

    List<String> channels() {
        return List.copyOf(back.keySet());
    }

    synchronized boolean areMissed() {
        return back.values().stream().anyMatch(last -> sent - last >= MOST_MISSED);
    }

    /** Whether each has come back at least once. */
    synchronized boolean haveComeBack() {
        return back.values().stream().allMatch(last -> last > base);
    }

    synchronized byte[] next() {
        sent++;
        return ByteBuffer.allocate(Long.BYTES).putLong(sent).array();
    }

    /** Notes one that came, and tells whether the channel is one of these. */
    synchronized boolean came(String channel, byte[] probe) {
        if (!back.containsKey(channel)) {
            return false;
        }
        if (probe.length == Long.BYTES && ByteBuffer.wrap(probe).getLong() > base) {
            back.merge(channel, ByteBuffer.wrap(probe).getLong(), Math::max);
            backAt.put(channel, System.nanoTime());
        }
        return true;
    }

    /** When all connections last were known to work. */
    synchronized long workedAt(long otherwise) {
        return backAt.size() < back.size()
                ? otherwise
                : backAt.values().stream().mapToLong(Long::longValue).min().orElse(otherwise);
    }
}
