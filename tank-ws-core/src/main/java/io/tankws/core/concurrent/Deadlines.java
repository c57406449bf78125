package io.tankws.core.concurrent;

import io.tankws.Limits;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Futures with deadlines in {@link RunningTime}. The timer of the JDK would fail all of them after a suspension. The
 * housekeeper fails overdue ones. The number of entries is bounded by those of pending handshakes and cluster
 * queries.
 */
public final class Deadlines {
    private record Entry(CompletableFuture<?> future, long due) {}

    private final Set<Entry> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Returns a duration limited to the range from zero to {@link Limits#MAX_DURATION}. */
    public static Duration clamp(Duration timeout) {
        if (timeout.isNegative()) {
            return Duration.ZERO;
        }
        return timeout.compareTo(Limits.MAX_DURATION) > 0 ? Limits.MAX_DURATION : timeout;
    }

    /** Adds a future, which fails with a {@link TimeoutException} at its deadline. Returns it. */
    public <T> CompletableFuture<T> bound(CompletableFuture<T> future, Duration timeout) {
        Entry entry = new Entry(future, RunningTime.nanoTime() + timeout.toNanos());
        waiting.add(entry);
        future.whenComplete((value, failure) -> waiting.remove(entry));
        if (closed) {
            fail(entry);
        }
        return future;
    }

    /** Fails overdue futures. Called by the housekeeper only. */
    public void check(long now) {
        for (Entry entry : waiting) {
            if (now - entry.due >= 0) {
                fail(entry);
            }
        }
    }

    /** Fails all waiting futures, now and later. */
    public void close() {
        closed = true;
        waiting.forEach(Deadlines::fail);
    }

    private static void fail(Entry entry) {
        entry.future.completeExceptionally(new TimeoutException("not in time"));
    }
}
