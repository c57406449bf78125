package io.tankws.core;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Set;
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

/**
 * Runs user code of one kind (handlers, authenticators, event subscribers), so that code which blocks takes threads
 * from nobody else: on virtual threads where Java has them, else on a pool.
 */
final class Callbacks implements Executor {
    private static final MethodHandle VIRTUAL = virtualThreads();
    private static final long IDLE_SECONDS = 10;

    private final ExecutorService executor;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean interrupted;

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
        try {
            executor.execute(() -> {
                running.add(Thread.currentThread());
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                try {
                    task.run();
                } finally {
                    running.remove(Thread.currentThread());
                }
            });
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Ends the threads once their tasks have ended, and waits for that at most so long. */
    void shutdown(Duration timeout) {
        executor.shutdown();
        try {
            // A task that shuts its own manager down must not wait for itself.
            if (running.contains(Thread.currentThread())) {
                return;
            }
            executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Interrupts what still runs, and what still waits to run. */
    void interrupt() {
        interrupted = true;
        running.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
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
