package io.tankws.core.concurrent;

import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads and waiting tasks of a {@link CallbackExecutor}.
 *
 * <p>A task goes to an idle thread before a new one starts. If no thread can be started, the task stays in the queue
 * and {@link #check} tries again. The queue needs no bound of its own: each client, handshake and event subscriber
 * has at most one task, and {@code ClusterPublisher} bounds those of a cluster.
 */
final class CallbackPool {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** Time for which an idle thread waits for a task before it ends. */
    private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Runs tasks on one thread of a pool. */
    interface Runner {
        /**
         * Called before the first task. Called again if it fails for lack of memory, because a taken task must run.
         */
        void enter();

        /** Runs a task. Must not throw. */
        void run(Runnable task);

        /** Called after the last task. Called again if it fails for lack of memory. */
        void leave();
    }

    private final int maxThreads;
    private final ThreadFactory factory;
    /** Starter of virtual threads, or {@code null} if there are none. */
    private final @Nullable Executor virtual;

    private final Supplier<? extends Runner> runners;
    private final FailureLog shortages = new FailureLog(LOG::warn);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition tasks = lock.newCondition();
    private final Condition terminated = lock.newCondition();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    /** Number of platform threads that run or are being started. */
    private int threads;
    /** Number of platform threads allowed in addition to the maximum. */
    private int extraThreads;

    private int starting;
    private int idle;
    private int helpersStarting;
    private int helping;
    private boolean shutdown;

    /**
     * Creates a pool without threads.
     *
     * @param virtual starter of virtual threads, or {@code null} if there are none
     * @param runners supplier of one runner for each thread
     */
    CallbackPool(
            int maxThreads, ThreadFactory factory, @Nullable Executor virtual, Supplier<? extends Runner> runners) {
        this.maxThreads = maxThreads;
        this.factory = factory;
        this.virtual = virtual;
        this.runners = runners;
    }

    /** Queues a task, or returns {@code false} after the shutdown. */
    boolean offer(Runnable task) {
        lock.lock();
        try {
            if (shutdown) {
                return false;
            }
            queue.add(task);
            if (idle > 0) {
                tasks.signal();
            }
            if (queue.size() <= idle + starting) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        check();
        return true;
    }

    /** Removes a task that has not started. */
    void remove(Runnable task) {
        lock.lock();
        try {
            queue.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** Starts threads for waiting tasks. Called periodically, in case the system had no threads before. */
    void check() {
        boolean started = true;
        while (started && claimThread()) {
            started = start();
        }
        if (virtual != null) {
            startHelpers(virtual);
        }
    }

    private void startHelpers(Executor virtual) {
        boolean started = true;
        while (started && claimHelper()) {
            started = startHelper(virtual);
        }
    }

    /**
     * Sets the number of additional threads that replace threads whose tasks do not return. They start at the next
     * check.
     */
    void allowExtraThreads(int count) {
        lock.lock();
        try {
            extraThreads = count;
        } finally {
            lock.unlock();
        }
    }

    private boolean claimThread() {
        lock.lock();
        try {
            if (queue.size() <= idle + starting || threads >= maxThreads + extraThreads) {
                return false;
            }
            threads++;
            starting++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Starts a thread. If that fails, the task waits for a busy thread or for the next check. */
    private boolean start() {
        Worker worker = new Worker();
        try {
            factory.newThread(worker).start();
            return true;
        } catch (Throwable e) {
            worker.starts();
            worker.onEnd();
            logNoThread(e);
            return false;
        }
    }

    private void logNoThread(Throwable cause) {
        shortages.report("no thread can be started for callbacks, so they wait", cause);
    }

    private boolean claimHelper() {
        lock.lock();
        try {
            if (queue.size() <= idle + starting + helpersStarting) {
                return false;
            }
            helpersStarting++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean startHelper(Executor virtual) {
        Helper helper = new Helper();
        try {
            virtual.execute(helper);
            return true;
        } catch (Throwable e) {
            helper.starts();
            logNoThread(e);
            return false;
        }
    }

    /** A platform thread. It runs tasks until the queue stays empty for a while. */
    private final class Worker implements Runnable {
        private final Runner runner = runners.get();
        private final Runnable takeTasks = this::takeTasks;
        private final Runnable end = this::end;
        private boolean ended;

        @Override
        public void run() {
            starts();
            MemoryShortage.outlast(takeTasks);
            MemoryShortage.outlast(end);
        }

        private void takeTasks() {
            runner.enter();
            Runnable task;
            while ((task = next()) != null) {
                runner.run(task);
            }
        }

        private void end() {
            runner.leave();
            onEnd();
        }

        private void starts() {
            lock.lock();
            try {
                starting--;
            } finally {
                lock.unlock();
            }
        }

        /** Records the end of the thread, whatever its cause, so that it does not count any more. */
        private void onEnd() {
            lock.lock();
            try {
                if (!ended) {
                    ended = true;
                    threads--;
                    terminated.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        /** Waits for a task. Returns {@code null} if this thread must end. It does not count as running then. */
        private @Nullable Runnable next() {
            lock.lock();
            try {
                long remaining = IDLE_NANOS;
                while (threads <= maxThreads + extraThreads) {
                    Runnable task = queue.poll();
                    if (task != null) {
                        return task;
                    }
                    if (shutdown || remaining <= 0) {
                        break;
                    }
                    remaining = awaitTask(remaining);
                }
                onEnd();
                return null;
            } finally {
                lock.unlock();
            }
        }

        @SuppressWarnings("WaitNotInLoop") // the caller loops
        private long awaitTask(long nanos) {
            idle++;
            try {
                return tasks.awaitNanos(nanos);
            } catch (InterruptedException e) {
                // The interrupt was meant for a task that has ended.
                return nanos;
            } finally {
                idle--;
            }
        }
    }

    /**
     * A virtual thread. It runs tasks until the queue is empty. While it waits for a carrier it does not count as a
     * thread, because user code may delay it without end.
     */
    private final class Helper implements Runnable {
        private final Runner runner = runners.get();
        private final Runnable takeTasks = this::takeTasks;
        private final Runnable leave = runner::leave;
        private boolean started;
        private boolean helps;

        @Override
        public void run() {
            starts();
            MemoryShortage.outlast(takeTasks);
            MemoryShortage.outlast(leave);
        }

        private void takeTasks() {
            runner.enter();
            Runnable task;
            while ((task = next()) != null) {
                runner.run(task);
            }
        }

        private void starts() {
            lock.lock();
            try {
                if (!started) {
                    started = true;
                    helpersStarting--;
                }
            } finally {
                lock.unlock();
            }
        }

        private @Nullable Runnable next() {
            lock.lock();
            try {
                helping -= helps ? 1 : 0;
                Runnable task = queue.poll();
                helps = task != null;
                helping += helps ? 1 : 0;
                terminated.signalAll();
                return task;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Ends the threads when the queue is empty. */
    void shutdown() {
        lock.lock();
        try {
            shutdown = true;
            tasks.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the end of the tasks and threads, except a number of tasks that may grow. A growth calls {@link
     * #signalEnd}.
     */
    @SuppressWarnings("WaitNotInLoop") // RunningTime.await loops
    void awaitEnd(Duration timeout, LongSupplier leftOut) throws InterruptedException {
        lock.lock();
        try {
            RunningTime.await(timeout, nanos -> {
                if (nanos > 0) {
                    terminated.awaitNanos(nanos);
                }
                return queue.isEmpty() && threads + helping <= leftOut.getAsLong();
            });
        } finally {
            lock.unlock();
        }
    }

    void signalEnd() {
        lock.lock();
        try {
            terminated.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
