package io.tankws.core.concurrent;

import io.tankws.spi.support.FailureLog;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that are decided under a lock and made outside of it, one at a time and in the order of the decisions. One
 * thread at a time makes them; what other threads add until then is made by it as well.
 */
public final class SerialCalls {
    /** When so many wait, {@link #offer} refuses more. */
    static final int MAX_WAITING = 1024;

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** A report that throws would leave {@link #running} set for ever. */
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    /** {@code null} while nothing waits. */
    private ArrayDeque<Runnable> waiting;

    private boolean running;

    /** Adds a call, under the lock that gives the order. */
    public synchronized void add(Runnable call) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(2);
        }
        waiting.add(call);
    }

    /** Adds a call that may be left out, and returns whether there was room for it. */
    public synchronized boolean offer(Runnable call) {
        boolean room = waiting == null || waiting.size() < MAX_WAITING;
        if (room) {
            add(call);
        }
        return room;
    }

    /** Makes all calls that wait, unless another thread is at it. The caller holds no lock. */
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

    /** Returns {@code null} when nothing waits, or when another thread makes the calls. */
    private synchronized Runnable next(boolean first) {
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
