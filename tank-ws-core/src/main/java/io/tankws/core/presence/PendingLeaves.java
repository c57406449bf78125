package io.tankws.core.presence;

import java.util.Comparator;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The members of all topics of a manager that leave when their grace is over. */
public final class PendingLeaves {
    private final int max;
    private final AtomicLong numbers = new AtomicLong();
    /** Number of entries. The set would count them. */
    private final AtomicInteger size = new AtomicInteger();

    private volatile boolean closed;
    private final ConcurrentSkipListSet<PendingLeave> byTime = new ConcurrentSkipListSet<>(
            Comparator.<PendingLeave>comparingLong(leave -> leave.due).thenComparingLong(leave -> leave.number));

    /**
     * Creates an empty set.
     *
     * @param max maximum number of members; when it is reached, the one that has waited longest leaves
     */
    public PendingLeaves(int max) {
        this.max = max;
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** Returns whether members still wait. After the close each of them leaves at once. */
    boolean isOpen() {
        return !closed;
    }

    /** Adds a leave. Returns one that must be carried out now because there are too many, or {@code null}. */
    @Nullable
    PendingLeave add(PendingLeave leave) {
        byTime.add(leave);
        if (size.incrementAndGet() <= max) {
            return null;
        }
        PendingLeave first = byTime.pollFirst();
        if (first != null) {
            size.decrementAndGet();
        }
        return first;
    }

    void remove(PendingLeave leave) {
        if (byTime.remove(leave)) {
            size.decrementAndGet();
        }
    }

    /** Returns the number of waiting members. */
    public int size() {
        return size.get();
    }

    /**
     * Carries out the leaves that are due.
     *
     * @param now running time in nanoseconds
     * @param expire carries out a leave; called without a lock
     */
    public void expire(long now, Consumer<PendingLeave> expire) {
        for (PendingLeave leave : byTime) {
            if (leave.due > now) {
                break;
            }
            if (byTime.remove(leave)) {
                size.decrementAndGet();
                expire.accept(leave);
            }
        }
    }

    /** Carries out all leaves, and lets no member wait any more. */
    public void close(Consumer<PendingLeave> expire) {
        closed = true;
        expire(Long.MAX_VALUE, expire);
    }
}
