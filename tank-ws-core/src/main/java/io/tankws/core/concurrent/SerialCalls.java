package io.tankws.core.concurrent;

import io.tankws.spi.support.FailureLog;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that are decided under a lock and made after its release, one at a time and in the order of the decisions.
 * One thread at a time makes them, including those that other threads add before it ends.
 */
public final class SerialCalls {
    /** Number of waiting calls from which on {@link #offer} refuses more. */
    static final int MAX_WAITING = 1024;

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** Log of failed calls. It must not throw, because {@link #running} would stay set. */
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    /** Waiting calls, or {@code null} if there are none. */
    private @Nullable ArrayDeque<Runnable> waiting;

    private boolean running;

    /** Adds a call. The caller holds the lock that defines the order. */
    public synchronized void add(Runnable call) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(2);
        }
        waiting.add(call);
    }

    /** Adds a call that may be dropped. Returns {@code false} if there is no room for it. */
    public synchronized boolean offer(Runnable call) {
        boolean room = waiting == null || waiting.size() < MAX_WAITING;
        if (room) {
            add(call);
        }
        return room;
    }

    /** Makes all waiting calls, unless another thread makes them. The caller must hold no lock. */
    public void run() {
        assert RankedLock.noneHeld();
        boolean first = true;
        for (Runnable call = next(first); call != null; call = next(first)) {
            first = false;
            try {
                call.run();
            } catch (RuntimeException | Error e) {
                FAILURES.report("a call after a lock failed", e);
            }
        }
    }

    /** Takes the next call. Returns {@code null} if none waits or another thread makes the calls. */
    private synchronized @Nullable Runnable next(boolean first) {
        if (first && running) {
            return null;
        }
        Runnable next = waiting == null ? null : waiting.poll();
        running = next != null;
        if (!running) {
            waiting = null;
        }
        return next;
    }
}
