package io.tankws.core.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with a fixed place in the order in which locks may be taken. Where assertions are on, taking two locks against
 * that order fails, and so does a call that leaves the core while the thread holds one: see {@link #noneHeld}. Both are
 * how deadlocks begin. Without assertions this is a plain {@link ReentrantLock}.
 */
public final class RankedLock extends ReentrantLock {
    /** The kinds of locks, in the order in which a thread may take them: at most one of each kind. */
    public enum Rank {
        /** Life and subscriptions of one {@code ClientSession}. */
        SESSION,
        /** The permits of one manager, {@code ConnectionQuota}. */
        PERMITS,
        /** The {@code ClientRegistry} of one manager. */
        REGISTRY,
        /** Subscribers and order of one {@code Topic}. */
        TOPIC,
        /** What a node asks of the others after an outage, {@code GapDetector}. */
        HEADS,
        /** What a node publishes to its cluster, {@code ClusterPublisher}. */
        DEPARTURES,
        /** What a node has received on one {@code BackplaneChannel} of its cluster. */
        CHANNEL
    }

    /**
     * The locks of the calling thread, the last one taken first. Known only while assertions are on. A thread keeps
     * its empty queue, a type of the JDK, so that a lock costs no allocation.
     */
    public static final class Held {
        private static final ThreadLocal<Deque<RankedLock>> OF_THREAD = new ThreadLocal<>();

        private Held() {}

        private static void check(RankedLock next) {
            Deque<RankedLock> held = OF_THREAD.get();
            if (held != null
                    && !held.isEmpty()
                    && !next.isHeldByCurrentThread()
                    && held.peek().rank.compareTo(next.rank) >= 0) {
                throw new AssertionError(next.rank + " must be locked before " + held.peek().rank);
            }
        }

        private static void add(RankedLock lock) {
            Deque<RankedLock> held = OF_THREAD.get();
            if (held == null) {
                held = new ArrayDeque<>(2);
                OF_THREAD.set(held);
            }
            held.push(lock);
        }

        private static void remove(RankedLock lock) {
            OF_THREAD.get().removeFirstOccurrence(lock);
        }

        private static boolean isEmpty() {
            Deque<RankedLock> held = OF_THREAD.get();
            return held == null || held.isEmpty();
        }
    }

    private static final long serialVersionUID = 1;
    private static final boolean CHECKED = RankedLock.class.desiredAssertionStatus();

    private final Rank rank;

    public RankedLock(Rank rank) {
        this.rank = rank;
    }

    @Override
    public void lock() {
        if (CHECKED) {
            Held.check(this);
        }
        super.lock();
        if (CHECKED) {
            Held.add(this);
        }
    }

    @Override
    public void unlock() {
        if (CHECKED) {
            Held.remove(this);
        }
        super.unlock();
    }

    /**
     * Returns whether the calling thread holds no lock of the core. Asserted wherever the core calls a transport, a
     * backplane, an event subscriber or user code, and wherever one of them calls the core.
     *
     * @return {@code true} always while assertions are off
     */
    public static boolean noneHeld() {
        return Held.isEmpty();
    }
}
