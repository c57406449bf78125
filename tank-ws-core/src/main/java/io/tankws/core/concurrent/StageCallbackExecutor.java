package io.tankws.core.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Runs what applications have hung on stages, on threads for user code, and counts what has not ended, so that {@code
 * ClusterPublisher} can bound it.
 *
 * <p>One thread after the other takes all that waits, because a thread for each call would cost more than a publish.
 * Where a call blocks, {@link #check} has another thread go on with the rest.
 */
public final class StageCallbackExecutor implements Executor {
    /** Runs a task on a thread for user code; false once these have been shut down. */
    private final Predicate<Runnable> threads;

    private final BooleanSupplier interrupted;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** Calls that wait, and those that run. */
    private final AtomicInteger underWay = new AtomicInteger();
    /** Who takes what waits; {@code null} for nobody. */
    private final AtomicReference<Runner> current = new AtomicReference<>();

    /** What {@link #check} saw last time. */
    private Runner seen;

    private long seenEnded;

    public StageCallbackExecutor(CallbackExecutor threads) {
        this(threads::tryExecute, threads::isInterrupted);
    }

    public StageCallbackExecutor(Predicate<Runnable> threads, BooleanSupplier interrupted) {
        this.threads = threads;
        this.interrupted = interrupted;
    }

    /** Takes what waits until nothing does, or until another has taken its place. */
    private final class Runner implements Runnable {
        /** Whether it runs on a caller's thread, which is nobody's to interrupt. */
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
                // At the very end, when nobody is left to wait.
                runner.borrowed = true;
                runner.run();
            }
        }
    }

    /**
     * Returns {@code false} once the threads have been shut down. Without a thread to be had the calls wait for
     * {@link #check}: the caller may be a backplane's thread, which must not run them.
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
     * Has another thread go on where a call has not ended since the last time, or where no thread could be had. Called
     * by one thread, now and then.
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

    /**
     * Runs on the caller's thread what no other thread has taken. Called once, after the threads have been shut down.
     */
    public void finish() {
        Runner runner = current.get();
        if (runner != null && !runner.busy) {
            // It waits for a thread that will not come.
            current.compareAndSet(runner, null);
        }
        check();
    }

    public int underWay() {
        return underWay.get();
    }
}
