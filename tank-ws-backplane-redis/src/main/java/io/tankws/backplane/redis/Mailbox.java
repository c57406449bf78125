package io.tankws.backplane.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What several threads ask of the one that does it: in the order in which they asked, and a burst in one go, so that it leaves
 * together. Bounded by those who ask.
 */
final class Mailbox {
    /** After so many, sockets get their turn. */
    private static final int MOST_AT_ONCE = 1024;

    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Executor thread;
    private volatile boolean ended;

    Mailbox(Executor thread) {
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
            } catch (RejectedExecutionException e) {
                // Whoever ends the thread ends the mailbox after it.
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
            request.run();
        }
        schedule();
    }

    /** After the thread has ended, and with it everything: each request finds that out for itself. */
    void end() {
        ended = true;
        Runnable request;
        while ((request = requests.poll()) != null) {
            request.run();
        }
    }
}
