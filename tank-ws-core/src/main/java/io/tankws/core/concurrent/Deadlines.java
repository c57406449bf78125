package io.tankws.core.concurrent;

import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * The futures that must complete in time, by the {@link RunningTime}: the JDK's own timer would fail all of them
 * after a gap. The housekeeper's rounds fail those that are overdue. As many entries as handshakes under decision and
 * questions about the cluster.
 */
public final class Deadlines {
    /** The longest time that is waited for, so that its nanoseconds can be added to a time. */
    private static final Duration MAX = Duration.ofDays(365);

    private record Entry(CompletableFuture<?> future, long due) {}

    private final Set<Entry> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Returns a time between zero and a year. */
    public static Duration clamp(Duration timeout) {
        return timeout.compareTo(MAX) > 0 ? MAX : timeout.isNegative() ? Duration.ZERO : timeout;
    }

    /** Fails a future with a {@link TimeoutException} unless it completes in time, and returns it. */
    public <T> CompletableFuture<T> bound(CompletableFuture<T> future, Duration timeout) {
        Entry entry = new Entry(future, RunningTime.nanoTime() + timeout.toNanos());
        waiting.add(entry);
        future.whenComplete((value, failure) -> waiting.remove(entry));
        if (closed) {
            fail(entry);
        }
        return future;
    }

    /** Fails what is overdue; called by the housekeeper alone. */
    public void check(long now) {
        for (Entry entry : waiting) {
            if (now - entry.due >= 0) {
                fail(entry);
            }
        }
    }

    /** Fails all that wait, now and later. */
    public void close() {
        closed = true;
        waiting.forEach(Deadlines::fail);
    }

    private static void fail(Entry entry) {
        entry.future.completeExceptionally(new TimeoutException("not in time"));
    }
}
