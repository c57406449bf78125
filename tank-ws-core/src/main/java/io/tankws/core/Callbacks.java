package io.tankws.core;

import io.tankws.spi.RunningTime;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Runs user code of one kind (handlers, authenticators, event subscribers), so that code which blocks takes threads
 * from nobody else: on virtual threads where Java has them, else on a pool.
 */
final class Callbacks implements Executor {
    private static final MethodHandle VIRTUAL = virtualThreads();
    private static final long IDLE_SECONDS = 10;

    /** How often a shutdown looks whether it waits for its own caller alone, in nanoseconds. */
    private static final long LOOK = Duration.ofMillis(10).toNanos();

    /** The tasks of all managers and servers in this process, because their callbacks may shut each other down. */
    private static final Map<Thread, Task> RUNNING = new ConcurrentHashMap<>();

    private final ExecutorService executor;
    /** The tasks that run or wait to run. */
    private final AtomicInteger unfinished = new AtomicInteger();

    private volatile boolean interrupted;

    /** A task while it runs. */
    private static final class Task {
        private final Callbacks owner;
        /** Whether its own call of a shutdown goes on: nothing waits for this task any more. */
        private volatile boolean leftOut;

        Task(Callbacks owner) {
            this.owner = owner;
        }
    }

    Callbacks(String name, int threads) {
        executor = VIRTUAL != null ? virtual() : pool(name, threads);
    }

    /** Runs a task soon; once the executor is shut down, the task is given up. */
    @Override
    public void execute(Runnable task) {
        tryExecute(task);
    }

    /** Runs a task soon, or tells that the executor is shut down. */
    boolean tryExecute(Runnable task) {
        unfinished.incrementAndGet();
        boolean accepted = false;
        try {
            executor.execute(() -> run(task));
            accepted = true;
        } catch (RejectedExecutionException ended) {
            // The caller learns of it.
        } finally {
            if (!accepted) {
                unfinished.decrementAndGet();
            }
        }
        return accepted;
    }

    private void run(Runnable task) {
        RUNNING.put(Thread.currentThread(), new Task(this));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            task.run();
        } finally {
            RUNNING.remove(Thread.currentThread());
            unfinished.decrementAndGet();
        }
    }

    /**
     * Tells whether the caller may wait for a shutdown of a manager or server. A callback may not: the shutdown would wait for
     * it. From then on no shutdown waits for that callback, nor interrupts it.
     */
    static boolean mayWait() {
        Task task = RUNNING.get(Thread.currentThread());
        if (task != null) {
            task.leftOut = true;
        }
        return task == null;
    }

    /** Ends the threads once their tasks have ended, and waits for that at most so long. */
    void shutdown(Duration timeout) {
        executor.shutdown();
        mayWait();
        try {
            RunningTime.await(
                    timeout,
                    nanos -> executor.awaitTermination(Math.min(nanos, LOOK), TimeUnit.NANOSECONDS) || isIdle());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nothing runs or waits to run but callbacks that have called a shutdown themselves. */
    private boolean isIdle() {
        return unfinished.get()
                == ours().filter(entry -> entry.getValue().leftOut).count();
    }

    private Stream<Map.Entry<Thread, Task>> ours() {
        return RUNNING.entrySet().stream().filter(entry -> entry.getValue().owner == this);
    }

    /** Interrupts what still runs, and what still waits to run, but no callback that has called a shutdown itself. */
    void interrupt() {
        interrupted = true;
        ours().filter(entry -> !entry.getValue().leftOut)
                .forEach(entry -> entry.getKey().interrupt());
        executor.shutdown();
    }

    boolean isInterrupted() {
        return interrupted;
    }

    private static ExecutorService pool(String name, int threads) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(
                0, threads, IDLE_SECONDS, TimeUnit.SECONDS, new IdleFirst(), factory, Callbacks::await);
    }

    /** All threads are busy: the task waits for one. */
    private static void await(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("shut down");
        }
        pool.getQueue().add(task);
        if (pool.isShutdown() && pool.remove(task)) {
            throw new RejectedExecutionException("shut down");
        }
    }

    /**
     * Gives a task to an idle thread, and refuses it where there is none, so that the pool adds a thread only then. It
     * needs no bound of its own: each client, handshake and event subscriber has one task at most, and a cluster's
     * {@link Departures} bound theirs.
     */
    private static final class IdleFirst extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        @Override
        public boolean add(Runnable task) {
            return super.offer(task);
        }
    }

    private static ExecutorService virtual() {
        try {
            return (ExecutorService) VIRTUAL.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads are there but do not start", e);
        }
    }

    private static MethodHandle virtualThreads() {
        try {
            // Java 21 and later; this code is compiled for 17.
            return MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }
}
