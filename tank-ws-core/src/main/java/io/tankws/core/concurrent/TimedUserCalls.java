package io.tankws.core.concurrent;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of user code that decides on handshakes or on actions of clients, each with a deadline.
 *
 * <p>At its deadline, a call is interrupted and returns its permit. If it still runs at the next check, it is
 * abandoned, and an additional thread replaces its thread. When the number of abandoned calls exceeds its bound, no
 * call starts.
 */
public final class TimedUserCalls {
    /** The result of an attempt to start a call. */
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
    /** Number of calls that still run after their deadline. */
    private final Set<Call> late = ConcurrentHashMap.newKeySet();

    private int abandoned;

    /**
     * Creates an instance without calls.
     *
     * @param clock running time in nanoseconds, the same as that of {@link #check}
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
     * @param code user code; must not throw
     * @param onTimeout called if the call is not {@linkplain Call#settle settled} at the deadline; returns {@code
     *     false} if a decision came first
     */
    public Call prepare(Runnable code, BooleanSupplier onTimeout) {
        return prepare(call -> code.run(), onTimeout);
    }

    /**
     * Prepares a call whose code settles it.
     *
     * @param code user code, which gets the call that runs it; must not throw
     * @param onTimeout called if the call is not {@linkplain Call#settle settled} at the deadline; returns {@code
     *     false} if a decision came first
     */
    public Call prepare(Consumer<Call> code, BooleanSupplier onTimeout) {
        return new Call(code, onTimeout);
    }

    /** One call. It holds a permit until it is settled, and a thread until it returns. */
    public final class Call implements Runnable {
        private final Consumer<Call> code;
        private final BooleanSupplier onTimeout;
        private long deadline;
        private boolean settled;
        private boolean cancelled;
        /** Thread that runs the code, or {@code null} before and after that. */
        private @Nullable Thread thread;

        private boolean isAbandoned;

        private Call(Consumer<Call> code, BooleanSupplier onTimeout) {
            this.code = code;
            this.onTimeout = onTimeout;
        }

        /** Starts the call. The deadline counts from now, also while the call waits for a thread. */
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

        /** Returns the permit after the decision. A second call has no effect. */
        public void settle() {
            synchronized (this) {
                settled = true;
            }
            if (pending.remove(this)) {
                pendingCount.decrementAndGet();
            }
        }

        /**
         * Gives up a call whose decision nothing waits for. If it has not started to run, it never does. If it runs,
         * it keeps its permit until it returns or until its deadline, so that it stays bounded.
         */
        public void cancel() {
            synchronized (this) {
                cancelled = true;
                if (thread != null) {
                    return;
                }
            }
            settle();
            callbacks.remove(this);
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
                code.accept(this);
            } finally {
                returned();
            }
        }

        private void returned() {
            boolean unwanted;
            synchronized (this) {
                thread = null;
                unwanted = cancelled;
                // Clears the interrupt of the deadline, so that it does not reach the next task of this thread.
                Thread.interrupted();
            }
            if (unwanted) {
                settle();
            }
            late.remove(this);
            takeBack(this);
        }

        /** Ends the wait for a decision. The interrupt follows, so that it cannot cause the decision. */
        private void expire() {
            if (!isTimedOut()) {
                return;
            }
            Thread runner;
            synchronized (this) {
                runner = thread;
                if (runner != null) {
                    late.add(this);
                    runner.interrupt();
                }
            }
            if (runner == null) {
                callbacks.remove(this);
            }
        }

        private boolean isTimedOut() {
            try {
                return onTimeout.getAsBoolean();
            } catch (Throwable e) {
                LOG.error(
                        "A decision could not be ended after its deadline: {}",
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

    /** Ends the calls whose deadline has passed. */
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

    /** Ends all calls, interrupts those that run, and waits for them for at most the timeout. */
    public void end(Duration timeout) {
        callbacks.shutdown(Duration.ZERO);
        callbacks.interrupt();
        pending.forEach(Call::expire);
        callbacks.shutdown(timeout);
    }
}
