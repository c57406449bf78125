package io.tankws.core;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs what applications have hung on stages, on threads for user code, and counts what has not ended, so that
 * {@link Departures} can bound it.
 *
 * <p>One thread after the other takes all that waits, because a thread for each call would cost more than a publish. Where a
 * call blocks, {@link #check} has another thread go on with the rest.
 */
final class UserCalls implements Executor {
    private final Callbacks threads;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** Calls that wait, and those that run. */
    private final AtomicInteger underWay = new AtomicInteger();
    /** Who takes what waits; {@code null} for nobody. */
    private final AtomicReference<Runner> current = new AtomicReference<>();

    /** What {@link #check} saw last time. */
    private Runner seen;

    private long seenEnded;

    UserCalls(Callbacks threads) {
        this.threads = threads;
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

        private void take(Runnable call) {
            if (!borrowed && threads.isInterrupted()) {
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
        underWay.incrementAndGet();
        waiting.add(call);
        start();
    }

    private void start() {
        if (!waiting.isEmpty() && current.get() == null) {
            Runner runner = new Runner();
            if (current.compareAndSet(null, runner) && !threads.tryExecute(runner)) {
                // At the very end, when nobody is left to wait.
                runner.borrowed = true;
                runner.run();
            }
        }
    }

    /** Has another thread go on where a call has not ended since the last time. Called by one thread, now and then. */
    void check() {
        Runner runner = current.get();
        boolean stuck = runner != null && runner == seen && runner.busy && runner.ended == seenEnded;
        if (stuck && current.compareAndSet(runner, null)) {
            start();
        }
        seen = runner;
        seenEnded = runner == null ? 0 : runner.ended;
    }

    int underWay() {
        return underWay.get();
    }
}
