package io.tankws.core;

import io.tankws.spi.FailureReports;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A way to threads for user code that keeps a task for which no thread can be had, until {@link #retry}: the caller may be a
 * transport's thread, which must not run the task. What waits is bounded by the clients and the event subscribers, of
 * which each has one task at most.
 *
 * <p>Publishers of events need this too. {@link java.util.concurrent.SubmissionPublisher} cuts a subscriber off for good
 * when its executor throws.
 */
final class DeferringExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    private final Executor threads;
    private final Queue<Runnable> deferred = new ConcurrentLinkedQueue<>();
    private final FailureReports failures = new FailureReports(LOG::error);

    DeferringExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        if (!isStarted(task)) {
            deferred.add(task);
        }
    }

    /** Starts what was kept, as far as there are threads again. Called by one thread, now and then. */
    void retry() {
        Runnable task;
        while ((task = deferred.peek()) != null && isStarted(task)) {
            deferred.poll();
        }
    }

    private boolean isStarted(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failures.report("No thread for user code; its tasks wait until there is one", e);
            return false;
        }
    }
}
