package io.tankws.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with a fixed place in the order in which locks may be taken. Where assertions are on, taking two locks against
 * that order fails, and so does a call that leaves the core while the thread holds one: see {@link #noneHeld}. Both are
 * how deadlocks begin. Without assertions this is a plain {@link ReentrantLock}.
 */
final class RankedLock extends ReentrantLock {
    /** The kinds of locks, in the order in which a thread may take them: at most one of each kind. */
    enum Rank {
        /** Life and subscriptions of one {@link ClientSession}. */
        SESSION,
        /** The permits of one manager, {@link Places}. */
        PERMITS,
        /** The {@link Registry} of one manager. */
        REGISTRY,
        /** Subscribers and order of one {@link Topic}. */
        TOPIC,
        /** What a node asks of the others after an outage, {@link Heads}. */
        HEADS,
        /** What a node publishes to its cluster, {@link Departures}. */
        DEPARTURES,
        /** What a node has received on one {@link Channel} of its cluster. */
        CHANNEL
    }

    private static final long serialVersionUID = 1;
    private static final boolean CHECKED = RankedLock.class.desiredAssertionStatus();
    /** The locks of this thread, the last one taken first; absent while it holds none. */
    private static final ThreadLocal<Deque<RankedLock>> HELD = new ThreadLocal<>();

    private final Rank rank;

    RankedLock(Rank rank) {
        this.rank = rank;
    }

    @Override
    public void lock() {
        if (CHECKED) {
            checkOrder();
            super.lock();
            held().push(this);
        } else {
            super.lock();
        }
    }

    @Override
    public void unlock() {
        if (CHECKED) {
            Deque<RankedLock> held = held();
            held.removeFirstOccurrence(this);
            if (held.isEmpty()) {
                HELD.remove();
            }
        }
        super.unlock();
    }

    private void checkOrder() {
        Deque<RankedLock> held = HELD.get();
        if (held != null && !isHeldByCurrentThread() && held.peek().rank.compareTo(rank) >= 0) {
            throw new AssertionError(rank + " must be locked before " + held.peek().rank);
        }
    }

    private static Deque<RankedLock> held() {
        Deque<RankedLock> held = HELD.get();
        if (held == null) {
            held = new ArrayDeque<>(2);
            HELD.set(held);
        }
        return held;
    }

    /**
     * Returns whether the calling thread holds no lock of the core. Asserted wherever the core calls a transport, a
     * backplane, an event subscriber or user code, and wherever one of them calls the core.
     *
     * @return {@code true} always while assertions are off
     */
    static boolean noneHeld() {
        return HELD.get() == null;
    }
}
