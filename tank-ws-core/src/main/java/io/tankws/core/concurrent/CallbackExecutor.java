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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor of one kind of user code (handlers, authenticators, event subscribers). Code that blocks takes threads
 * from this kind only.
 *
 * <p>Its threads are platform threads. Virtual threads share a few carriers with the whole process, and code that
 * computes, waits in a class initializer or in a native method keeps its carrier. When all platform threads are busy,
 * virtual threads may also take waiting tasks, on a Java that has them.
 */
public final class CallbackExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Starter of virtual threads, or {@code null} before Java 21. Looked up once for the process. */
    private static final @Nullable Executor VIRTUAL = virtualThreads();

    /** Callback threads of all managers and servers of this process. Their callbacks may shut each other down. */
    private static final Map<Thread, CallbackThread> RUNNING = new ConcurrentHashMap<>();

    /** Log of failures. It shows only their class, because a text may repeat input of a peer. */
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
     * Creates an executor with another source of threads.
     *
     * @param virtual starter of virtual threads, or {@code null} if there are none
     */
    public CallbackExecutor(String name, int maxThreads, ThreadFactory factory, @Nullable Executor virtual) {
        pool = new CallbackPool(maxThreads, factory, virtual, CallbackThread::new);
    }

    /** Queues a task. After the shutdown, the task is dropped. */
    @Override
    public void execute(Runnable task) {
        tryExecute(task);
    }

    /**
     * Queues a task, or returns {@code false} after the shutdown. If no thread can be started, the task waits for a
     * busy thread or for the next {@link #check}.
     */
    public boolean tryExecute(Runnable task) {
        return pool.offer(task);
    }

    /** Removes a task that has not started. */
    void remove(Runnable task) {
        pool.remove(task);
    }

    /** Starts threads for waiting tasks. Called periodically, in case the system had no threads before. */
    public void check() {
        pool.check();
    }

    /**
     * Sets the number of additional threads that replace threads whose tasks do not return. They start at the next
     * check.
     */
    void allowExtraThreads(int count) {
        pool.allowExtraThreads(count);
    }

    /** The body of one callback thread. */
    private final class CallbackThread implements CallbackPool.Runner {
        private volatile boolean busy;
        /** True if the current task has called a shutdown. No shutdown waits for it then. */
        private volatile boolean leftOut;

        @Override
        public void enter() {
            RUNNING.put(Thread.currentThread(), this);
        }

        @Override
        public void run(Runnable task) {
            // Clears an interrupt that was meant for the previous task.
            Thread.interrupted();
            busy = true;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            try {
                task.run();
            } catch (Throwable e) {
                failures.report("a callback failed", e);
            } finally {
                busy = false;
                leftOut = false;
            }
        }

        @Override
        public void leave() {
            RUNNING.remove(Thread.currentThread());
        }

        private CallbackExecutor owner() {
            return CallbackExecutor.this;
        }
    }

    /**
     * Returns whether the caller may wait for a shutdown of a manager or server. A callback may not, because the
     * shutdown waits for the callback. After this call, no shutdown waits for that callback or interrupts it.
     */
    public static boolean mayWait() {
        CallbackThread thread = RUNNING.get(Thread.currentThread());
        if (thread == null || !thread.busy) {
            return true;
        }
        thread.leftOut = true;
        thread.owner().pool.signalEnd();
        return false;
    }

    /** Ends the threads after their tasks. Waits for them for at most the timeout. */
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

    private Stream<Map.Entry<Thread, CallbackThread>> ours() {
        return RUNNING.entrySet().stream().filter(entry -> entry.getValue().owner() == this && entry.getValue().busy);
    }

    /** Interrupts running tasks, and waiting ones when they start, except those that have called a shutdown. */
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

    /** Returns a factory of daemon threads with a name prefix. */
    public static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Looks up the starter of virtual threads. Returns {@code null} before Java 21, because this code is compiled for
     * 17.
     */
    private static @Nullable Executor virtualThreads() {
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
