package io.tankws.core.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An executor of the actions that applications attach to stages. It counts unfinished actions, so that {@code
 * ClusterPublisher} can bound them.
 *
 * <p>One thread runs all waiting actions, because a thread for each action would cost more than a publish. If an
 * action blocks, {@link #check} lets another thread continue with the rest.
 */
public final class StageCallbackExecutor implements Executor {
    /** Executor of a task on a callback thread; returns false after its shutdown. */
    private final Predicate<Runnable> threads;

    private final BooleanSupplier interrupted;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** Number of waiting and running actions. */
    private final AtomicInteger underWay = new AtomicInteger();
    /** Worker that takes the waiting actions, or {@code null} if none does. */
    private final AtomicReference<Runner> current = new AtomicReference<>();

    /** Worker that took the waiting actions at the last {@link #check}, or {@code null} if none did. */
    private @Nullable Runner seen;

    private long seenEnded;

    public StageCallbackExecutor(CallbackExecutor threads) {
        this(threads::tryExecute, threads::isInterrupted);
    }

    public StageCallbackExecutor(Predicate<Runnable> threads, BooleanSupplier interrupted) {
        this.threads = threads;
        this.interrupted = interrupted;
    }

    /** A worker. It runs waiting actions until there are none, or until another worker has replaced it. */
    private final class Runner implements Runnable {
        /** True on a thread of a caller, which must not be interrupted. */
        private boolean borrowed;

        private volatile boolean busy;
        private volatile long ended;

        @Override
        public void run() {
            try {
                Runnable call;
                while (current.get() == this && (call = waiting.poll()) != null) {
                    take(call);
                }
            } finally {
                if (current.compareAndSet(this, null)) {
                    start();
                }
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
        private void take(Runnable call) {
            if (!borrowed && interrupted.getAsBoolean()) {
                Thread.currentThread().interrupt();
            }
            busy = true;
            try {
                call.run();
            } finally {
                underWay.decrementAndGet();
                ended++;
                busy = false;
            }
        }
    }

    @Override
    public void execute(Runnable call) {
        waiting.add(call);
        underWay.incrementAndGet();
        start();
    }

    private void start() {
        if (!waiting.isEmpty() && current.get() == null) {
            Runner runner = new Runner();
            if (current.compareAndSet(null, runner) && !isLaunched(runner)) {
                // After the shutdown, no thread waits for this action.
                runner.borrowed = true;
                runner.run();
            }
        }
    }

    /**
     * Starts a worker. Returns {@code false} after the shutdown of the threads. If no thread can be started, the
     * actions wait for {@link #check}. The caller may be the thread of a backplane, which must not run them.
     */
    private boolean isLaunched(Runner runner) {
        try {
            return threads.test(runner);
        } catch (RuntimeException | Error e) {
            current.compareAndSet(runner, null);
            return true;
        }
    }

    /**
     * Starts another worker if an action has not ended since the last check, or if no thread could be started. Called
     * periodically by one thread.
     */
    public void check() {
        Runner runner = current.get();
        boolean stuck = runner != null && runner == seen && runner.busy && runner.ended == seenEnded;
        if (stuck) {
            current.compareAndSet(runner, null);
        }
        start();
        seen = runner;
        seenEnded = runner == null ? 0 : runner.ended;
    }

    /** Runs the remaining actions on the calling thread. Called once, after the shutdown of the threads. */
    public void finish() {
        Runner runner = current.get();
        if (runner != null && !runner.busy) {
            // The worker waits for a thread that will not start.
            current.compareAndSet(runner, null);
        }
        check();
    }

    public int underWay() {
        return underWay.get();
    }
}
