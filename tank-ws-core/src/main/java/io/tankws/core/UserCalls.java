package io.tankws.core;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs what applications have hung on stages, on threads for user code, and counts what has not ended, so that
 * {@link Departures} can bound it.
 */
final class UserCalls implements Executor {
    private final Callbacks threads;
    private final AtomicInteger underWay = new AtomicInteger();

    UserCalls(Callbacks threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        underWay.incrementAndGet();
        Runnable counted = () -> {
            try {
                task.run();
            } finally {
                underWay.decrementAndGet();
            }
        };
        if (!threads.tryExecute(counted)) {
            // At the very end, when nobody is left to wait.
            counted.run();
        }
    }

    int underWay() {
        return underWay.get();
    }
}
