package io.tankws.core.concurrent;

import io.tankws.spi.support.FailureLog;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for user code of one kind (handlers, authenticators, event subscribers), so that code which blocks takes
 * threads from nothing else.
 *
 * <p>They are platform threads. Virtual threads share a few carriers with all others of the process, and code that
 * computes, or waits in a class initializer or a native method, keeps its carrier. Only when all platform threads are
 * busy, a task that waits for one may also be taken by a virtual thread, on a Java that has them.
 */
public final class CallbackExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Starts virtual threads; {@code null} before Java 21. Looked up once for the process. */
    private static final Executor VIRTUAL = virtualThreads();

    /** The threads of all managers and servers in this process, because their callbacks may shut each other down. */
    private static final Map<Thread, Running> RUNNING = new ConcurrentHashMap<>();

    /** Only the kind of a failure: its text may repeat what a peer sent. */
    private final FailureLog failures = new FailureLog(
            (text, cause) -> LOG.error("{} with {}", text, cause.getClass().getName()));

    private final CallbackPool pool;
    private volatile boolean interrupted;

    public CallbackExecutor(String name, int maxThreads) {
        this(name, maxThreads, daemons(name));
    }

    public CallbackExecutor(String name, int maxThreads, ThreadFactory factory) {
        this(name, maxThreads, factory, VIRTUAL);
    }

    /**
     * Takes its threads from elsewhere.
     *
     * @param virtual starts virtual threads; {@code null} if there are none
     */
    public CallbackExecutor(String name, int maxThreads, ThreadFactory factory, Executor virtual) {
        pool = new CallbackPool(maxThreads, factory, virtual, new TaskRunner());
    }

    /** Runs a task soon. After the shutdown, the task is dropped. */
    @Override
    public void execute(Runnable task) {
        tryExecute(task);
    }

    /**
     * Runs a task soon, or returns {@code false} after the shutdown. Throws nothing if no thread can be started: the
     * task waits for a thread that is busy now, or for the next {@link #check}.
     */
    public boolean tryExecute(Runnable task) {
        return pool.offer(task);
    }

    /** Drops a task that has not begun. */
    void remove(Runnable task) {
        pool.remove(task);
    }

    /**
     * Starts threads for tasks that wait for one. Called now and then, for the case that threads could not be
     * started.
     */
    public void check() {
        pool.check();
    }

    /**
     * Sets how many threads beyond the maximum may live, because others do not return. They start at the next check.
     */
    void allowExtraThreads(int count) {
        pool.allowExtraThreads(count);
    }

    /** What runs on a thread. */
    private static final class Running {
        private final CallbackExecutor owner;
        private volatile boolean busy;
        /** Whether the task has called a shutdown: nothing waits for it any more. */
        private volatile boolean leftOut;

        Running(CallbackExecutor owner) {
            this.owner = owner;
        }
    }

    private final class TaskRunner implements CallbackPool.Runner {
        @Override
        public void enter() {
            RUNNING.put(Thread.currentThread(), new Running(CallbackExecutor.this));
        }

        @Override
        public void run(Runnable task) {
            Thread thread = Thread.currentThread();
            Running running = RUNNING.get(thread);
            // An interrupt that was meant for the task before is cleared.
            Thread.interrupted();
            running.busy = true;
            if (interrupted) {
                thread.interrupt();
            }
            try {
                task.run();
            } catch (Throwable e) {
                failures.report("a callback failed", e);
            } finally {
                running.busy = false;
                running.leftOut = false;
            }
        }

        @Override
        public void leave() {
            RUNNING.remove(Thread.currentThread());
        }
    }

    /**
     * Returns whether the caller may wait for a shutdown of a manager or server. A callback may not: the shutdown
     * would wait for it. From then on no shutdown waits for that callback, nor interrupts it.
     */
    public static boolean mayWait() {
        Running task = RUNNING.get(Thread.currentThread());
        if (task == null || !task.busy) {
            return true;
        }
        task.leftOut = true;
        task.owner.pool.signalEnd();
        return false;
    }

    /** Ends the threads once their tasks have ended, and waits for that for at most the timeout. */
    public void shutdown(Duration timeout) {
        mayWait();
        pool.shutdown();
        try {
            pool.awaitEnd(
                    timeout,
                    () -> ours().filter(entry -> entry.getValue().leftOut).count());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stream<Map.Entry<Thread, Running>> ours() {
        return RUNNING.entrySet().stream().filter(entry -> entry.getValue().owner == this && entry.getValue().busy);
    }

    /** Interrupts the tasks that run, and those that wait once they run, but none that has called a shutdown. */
    public void interrupt() {
        mayWait();
        interrupted = true;
        ours().filter(entry -> !entry.getValue().leftOut)
                .forEach(entry -> entry.getKey().interrupt());
        shutdown(Duration.ZERO);
    }

    boolean isInterrupted() {
        return interrupted;
    }

    /** Returns what makes daemon threads whose names begin with a text. */
    public static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns {@code null} before Java 21; this code is compiled for 17. */
    private static Executor virtualThreads() {
        MethodHandle start;
        try {
            start = MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
        return task -> {
            try {
                start.invoke(task);
            } catch (Throwable e) {
                throw new IllegalStateException("a virtual thread did not start", e);
            }
        };
    }
}
