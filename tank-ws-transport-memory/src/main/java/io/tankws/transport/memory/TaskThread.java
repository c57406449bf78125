package io.tankws.transport.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** A daemon thread that does one thing after the other, and something more whenever nothing is left. */
final class TaskThread {
    /** Not to starve what is done when nothing is left. */
    private static final int MOST_AT_ONCE = 256;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Runnable onIdle;
    private final Thread thread;
    private boolean ending;

    TaskThread(String name, Runnable onIdle) {
        this.onIdle = onIdle;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Takes whatever comes: who adds messages looks at {@link #size} before. */
    synchronized void add(Runnable errand) {
        waiting.add(errand);
        notifyAll();
    }

    synchronized int size() {
        return waiting.size();
    }

    private void run() {
        int done = 0;
        while (true) {
            Runnable errand = poll();
            if (errand != null) {
                doOne(errand);
                done++;
            }
            if (errand == null || done == MOST_AT_ONCE) {
                doOne(onIdle);
                done = 0;
                if (!await()) {
                    return;
                }
            }
        }
    }

    private synchronized Runnable poll() {
        return waiting.poll();
    }

    /** Returns {@code false} at the end. */
    private synchronized boolean await() {
        try {
            while (waiting.isEmpty() && !ending) {
                wait();
            }
            return !waiting.isEmpty();
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static void doOne(Runnable errand) {
        try {
            errand.run();
        } catch (RuntimeException | Error e) {
            // A listener that throws must not silence its node, and its test should see it.
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    /** Does what waits, then ends; cuts it short at the deadline. Called by an errand, it does not wait for itself. */
    void end(Duration timeout) {
        synchronized (this) {
            ending = true;
            notifyAll();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, timeout.toNanos());
            thread.interrupt();
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
