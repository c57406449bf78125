package io.tankws.core.concurrent;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of user code that decides on handshakes, each with a deadline.
 *
 * <p>At its deadline a call is interrupted and gives its place back. If it still runs at the check after that, it is
 * abandoned: a further thread replaces the one that it keeps. Above the bound on abandoned calls no call begins.
 */
public final class TimedUserCalls {
    /** What became of the start of a call. */
    public enum Start {
        BEGUN,
        TOO_MANY_PENDING,
        TOO_MANY_ABANDONED,
        ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    private final CallbackExecutor callbacks;
    private final int maxPending;
    private final int maxAbandoned;
    private final long timeout;
    private final LongSupplier clock;

    private final Set<Call> pending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger pendingCount = new AtomicInteger();
    /** Calls whose deadline has passed and that have not returned. */
    private final Set<Call> late = ConcurrentHashMap.newKeySet();

    private int abandoned;

    /**
     * Makes no call yet.
     *
     * @param clock nanoseconds of running time, those of {@link #check}
     */
    public TimedUserCalls(CallbackExecutor callbacks, UserCallLimits limits, LongSupplier clock) {
        this.callbacks = callbacks;
        maxPending = limits.maxPending();
        maxAbandoned = limits.maxAbandoned();
        timeout = limits.timeout().toNanos();
        this.clock = clock;
    }

    /**
     * Prepares a call.
     *
     * @param code the user code; throws nothing
     * @param onTimeout runs if the call is not {@linkplain Call#settle settled} at the deadline, and returns whether
     *     it is too late: {@code false} if a decision came before
     */
    public Call prepare(Runnable code, BooleanSupplier onTimeout) {
        return new Call(code, onTimeout);
    }

    /** One call: it has a place until it is settled, and a thread until it returns. */
    public final class Call implements Runnable {
        private final Runnable code;
        private final BooleanSupplier onTimeout;
        private long deadline;
        private boolean settled;
        private Thread thread;
        private boolean isAbandoned;

        private Call(Runnable code, BooleanSupplier onTimeout) {
            this.code = code;
            this.onTimeout = onTimeout;
        }

        /** Starts the call. Its deadline counts from now, also while it waits for a thread. */
        public Start start() {
            if (hasTooManyAbandoned()) {
                return Start.TOO_MANY_ABANDONED;
            }
            if (pendingCount.incrementAndGet() > maxPending) {
                pendingCount.decrementAndGet();
                return Start.TOO_MANY_PENDING;
            }
            deadline = clock.getAsLong() + timeout;
            pending.add(this);
            if (!callbacks.tryExecute(this)) {
                settle();
                return Start.ENDED;
            }
            return Start.BEGUN;
        }

        /** Gives the place back: the handshake is decided. A second call does nothing. */
        public void settle() {
            synchronized (this) {
                settled = true;
            }
            if (pending.remove(this)) {
                pendingCount.decrementAndGet();
            }
        }

        @Override
        public void run() {
            synchronized (this) {
                if (settled) {
                    return;
                }
                thread = Thread.currentThread();
            }
            try {
                code.run();
            } finally {
                returned();
            }
        }

        private void returned() {
            synchronized (this) {
                thread = null;
                // An interrupt at the deadline is not left for the next task of this thread.
                Thread.interrupted();
            }
            late.remove(this);
            takeBack(this);
        }

        /** Ends the wait for a decision. The interrupt comes after that, so that it cannot make the decision. */
        private void expire() {
            if (!isTimedOut()) {
                return;
            }
            boolean runs;
            synchronized (this) {
                runs = thread != null;
                if (runs) {
                    late.add(this);
                    thread.interrupt();
                }
            }
            if (!runs) {
                callbacks.remove(this);
            }
        }

        private boolean isTimedOut() {
            try {
                return onTimeout.getAsBoolean();
            } catch (Throwable e) {
                LOG.error(
                        "A handshake could not be refused after its deadline: {}",
                        e.getClass().getName());
                return true;
            } finally {
                settle();
            }
        }

        private synchronized boolean runs() {
            return thread != null;
        }
    }

    private synchronized boolean hasTooManyAbandoned() {
        return abandoned >= maxAbandoned;
    }

    /** Expires the calls whose deadline has passed, by the clock. */
    public void check(long now) {
        late.forEach(this::abandon);
        for (Call call : pending) {
            if (now - call.deadline >= 0) {
                call.expire();
            }
        }
        callbacks.check();
    }

    private synchronized void abandon(Call call) {
        if (!call.isAbandoned && call.runs()) {
            call.isAbandoned = true;
            abandoned++;
            callbacks.allowExtraThreads(Math.min(abandoned, maxAbandoned));
        }
    }

    private synchronized void takeBack(Call call) {
        if (call.isAbandoned) {
            call.isAbandoned = false;
            abandoned--;
            callbacks.allowExtraThreads(Math.min(abandoned, maxAbandoned));
        }
    }

    /** Expires all calls, interrupts those that run, and waits for their end for at most the timeout. */
    public void end(Duration timeout) {
        callbacks.shutdown(Duration.ZERO);
        callbacks.interrupt();
        pending.forEach(Call::expire);
        callbacks.shutdown(timeout);
    }
}
