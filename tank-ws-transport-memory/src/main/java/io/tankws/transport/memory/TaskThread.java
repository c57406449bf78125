package io.tankws.transport.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** A daemon thread that runs tasks in order, and an idle action whenever its queue is empty. */
final class TaskThread {
    /** Number of tasks after which the idle action runs although tasks wait. */
    private static final int MAX_BATCH = 256;

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

    /** Adds a task. Callers bound the queue by a check of {@link #size}. */
    synchronized void add(Runnable task) {
        waiting.add(task);
        notifyAll();
    }

    synchronized int size() {
        return waiting.size();
    }

    private void run() {
        int done = 0;
        while (true) {
            Runnable task = poll();
            if (task != null) {
                runTask(task);
                done++;
            }
            if (task == null || done == MAX_BATCH) {
                runTask(onIdle);
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

    /** Waits for a task. Returns {@code false} when the thread must end. */
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

    private static void runTask(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // An exception of a listener must not end the thread of its node, and the test must see it.
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    /**
     * Runs the queued tasks and ends the thread. Interrupts it after the timeout. A call on the thread itself does
     * not wait.
     */
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
