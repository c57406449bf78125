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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of {@link CallbackExecutor} and the tasks that wait for them.
 *
 * <p>An idle thread is used before a new one is made. A task for which no thread can be started stays in the queue;
 * {@link #check} tries again. The queue needs no bound of its own: each client, handshake and event subscriber has
 * one task at most, and a cluster's {@code ClusterPublisher} bound theirs.
 */
final class CallbackPool {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** How long a thread waits for a task before it ends. */
    private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Runs tasks on the threads of a pool. */
    interface Runner {
        /**
         * Called on each thread before the first task. Called again if it fails for lack of memory: a task once taken
         * must run.
         */
        void enter();

        /** Runs a task, and throws nothing. */
        void run(Runnable task);

        /** Called on each thread after the last task; called again if it fails for lack of memory. */
        void leave();
    }

    private final int maxThreads;
    private final ThreadFactory factory;
    /** Starts virtual threads; {@code null} if there are none. */
    private final Executor virtual;

    private final Runner runner;

    private final FailureLog shortages = new FailureLog(LOG::warn);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition tasks = lock.newCondition();
    private final Condition terminated = lock.newCondition();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    /** Platform threads that live or start. */
    private int threads;
    /** Threads beyond the maximum that may live at present. */
    private int extraThreads;

    private int starting;
    private int idle;
    private int helpersStarting;
    private int helping;
    private boolean shutdown;

    CallbackPool(int maxThreads, ThreadFactory factory, Executor virtual, Runner runner) {
        this.maxThreads = maxThreads;
        this.factory = factory;
        this.virtual = virtual;
        this.runner = runner;
    }

    /** Has a thread take a task, or returns {@code false} after the shutdown. */
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

    /** Drops a task that has not begun. */
    void remove(Runnable task) {
        lock.lock();
        try {
            queue.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts threads for tasks that wait for one. Called now and then, for the case that threads could not be
     * started.
     */
    void check() {
        boolean started = true;
        while (started && claimThread()) {
            started = start();
        }
        started = true;
        while (started && claimHelper()) {
            started = startHelper();
        }
    }

    /**
     * Sets how many threads beyond the maximum may live, because others do not return. They start at the next check.
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

    /** Where no thread can be started, the task waits for one that is busy now, or for the next check. */
    private boolean start() {
        Worker worker = new Worker();
        try {
            factory.newThread(worker).start();
            return true;
        } catch (Throwable e) {
            worker.starts();
            worker.ends();
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
            if (virtual == null || queue.size() <= idle + starting + helpersStarting) {
                return false;
            }
            helpersStarting++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean startHelper() {
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

    /** A platform thread: takes tasks until none comes for a while. */
    private final class Worker implements Runnable {
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
            ends();
        }

        private void starts() {
            lock.lock();
            try {
                starting--;
            } finally {
                lock.unlock();
            }
        }

        /** Called where the thread ends in any way: it must not be counted for ever. */
        private void ends() {
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

        /** Returns {@code null} if this thread is to end; then it is no longer counted. */
        private Runnable next() {
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
                ends();
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
                // Meant for a task that has ended.
                return nanos;
            } finally {
                idle--;
            }
        }
    }

    /**
     * A virtual thread: takes tasks until none is left. One that waits for a carrier does not count as a thread,
     * because it may wait for as long as user code likes.
     */
    private final class Helper implements Runnable {
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

        private Runnable next() {
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

    /** Ends the threads once no task is left. */
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
     * Waits until the tasks and threads have ended, but for some whose number may grow: then {@link #signalEnd} is
     * called.
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
