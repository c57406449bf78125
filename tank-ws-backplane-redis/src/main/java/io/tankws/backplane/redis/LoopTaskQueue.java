package io.tankws.backplane.redis;

import io.tankws.spi.support.FailureLog;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What several threads ask of the one that does it: in the order in which they asked, and a burst in one go, so that it leaves
 * together. Bounded by those who ask.
 */
final class LoopTaskQueue {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** After so many, sockets get their turn. */
    private static final int MOST_AT_ONCE = 1024;

    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Executor thread;
    private final FailureLog failures = new FailureLog(LOG::error);
    private volatile boolean ended;

    LoopTaskQueue(Executor thread) {
        this.thread = thread;
    }

    void add(Runnable request) {
        requests.add(request);
        if (!ended) {
            schedule();
        } else if (requests.remove(request)) {
            // Its own request alone: the caller may hold a lock, and nobody depends on this answer yet.
            request.run();
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                thread.execute(this::some);
            } catch (RuntimeException | Error e) {
                // The thread has ended, and the mailbox ends after it; or it cannot start, and the next request tries
                // again.
                scheduled.set(false);
            }
        }
    }

    private void some() {
        scheduled.set(false);
        for (int count = 0; count < MOST_AT_ONCE; count++) {
            Runnable request = requests.poll();
            if (request == null) {
                return;
            }
            serve(request);
        }
        schedule();
    }

    private void serve(Runnable request) {
        try {
            request.run();
        } catch (RuntimeException | Error e) {
            // The requests after it must be served.
            failures.report("a request to the Redis backplane failed", e);
        }
    }

    /** After the thread has ended, and with it everything: each request finds that out for itself. */
    void end() {
        ended = true;
        Runnable request;
        while ((request = requests.poll()) != null) {
            serve(request);
        }
    }
}
