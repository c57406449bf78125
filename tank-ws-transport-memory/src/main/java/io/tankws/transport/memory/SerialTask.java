package io.tankws.transport.memory;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs one action again and again, never twice at once, at least once after each {@link #schedule}. */
final class SerialTask {
    private final Executor executor;
    private final Runnable action;
    private final AtomicInteger calls = new AtomicInteger();

    SerialTask(Executor executor, Runnable action) {
        this.executor = executor;
        this.action = action;
    }

    void schedule() {
        if (calls.getAndIncrement() == 0) {
            submit();
        }
    }

    private void submit() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            // The transport is closed, and with it whatever the action could do.
            calls.set(Integer.MIN_VALUE);
        }
    }

    private void run() {
        int seen = calls.get();
        action.run();
        if (calls.addAndGet(-seen) != 0) {
            submit();
        }
    }
}
