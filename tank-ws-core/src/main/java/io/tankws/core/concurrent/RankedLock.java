package io.tankws.core.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with a rank. Threads must take locks in ascending order of their ranks, and must hold none when they call
 * code outside of core, see {@link #noneHeld}. Violations can lead to deadlocks. They fail if assertions are enabled.
 * Without assertions this is a plain {@link ReentrantLock}.
 */
public final class RankedLock extends ReentrantLock {
    /** The ranks, in the order in which a thread may take the locks. A thread holds at most one lock of each rank. */
    public enum Rank {
        /** State and subscriptions of one {@code ClientSession}. */
        SESSION,
        /** The permits of one manager, {@code ConnectionQuota}. */
        PERMITS,
        /** The {@code ClientRegistry} of one manager. */
        REGISTRY,
        /** Subscribers and order of one {@code Topic}. */
        TOPIC,
        /** The publications of all topics that one {@code MemoryHistory} keeps. */
        HISTORY,
        /** Position requests of a node after an outage, {@code GapDetector}. */
        GAP_DETECTOR,
        /** Publishes of a node to its cluster, {@code ClusterPublisher}. */
        PUBLISHER,
        /** Received messages of one {@code BackplaneChannel}. */
        CHANNEL
    }

    /**
     * Locks that the calling thread holds, the last one first. Maintained only if assertions are enabled. A thread
     * keeps its empty queue, which is a type of the JDK, so that a lock costs no allocation.
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
     * Returns whether the calling thread holds no lock of core. Asserted before each call of a transport, a
     * backplane, an event subscriber or user code, and at each of their calls to core.
     *
     * @return always {@code true} if assertions are disabled
     */
    public static boolean noneHeld() {
        return Held.isEmpty();
    }
}
