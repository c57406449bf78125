package io.tankws.backplane.redis;

import io.tankws.spi.support.FailureLog;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of tasks for the event loop. Tasks run in the order in which they were added. Tasks that were added in a
 * burst run in one turn, so that their commands leave in one write. The callers bound its size.
 */
final class LoopTaskQueue {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Number of tasks after which the event loop serves its sockets again. */
    private static final int MAX_BATCH = 1024;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Executor thread;
    private final FailureLog failures = new FailureLog(LOG::error);
    private volatile boolean ended;

    LoopTaskQueue(Executor thread) {
        this.thread = thread;
    }

    void add(Runnable task) {
        tasks.add(task);
        if (!ended) {
            schedule();
        } else if (tasks.remove(task)) {
            // Runs only its own task: the caller may hold a lock, and no other thread waits for this answer yet.
            task.run();
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                thread.execute(this::drainBatch);
            } catch (RuntimeException | Error e) {
                // Either the thread has ended, and drainAll follows, or it cannot start, and the next task tries again.
                scheduled.set(false);
            }
        }
    }

    private void drainBatch() {
        scheduled.set(false);
        for (int count = 0; count < MAX_BATCH; count++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            run(task);
        }
        schedule();
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // The tasks after it must still run.
            failures.report("a request to the Redis backplane failed", e);
        }
    }

    /** Runs all queued tasks on the calling thread. Called after the event loop has ended; each task fails then. */
    void drainAll() {
        ended = true;
        Runnable task;
        while ((task = tasks.poll()) != null) {
            run(task);
        }
    }
}
