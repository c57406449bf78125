package io.tankws.core;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A lack of threads that begins and ends: while it lasts, threads fail to start as in a full container. */
final class Shortage implements Function<String, ThreadFactory> {
    private volatile boolean on;
    private final AtomicInteger failures = new AtomicInteger();

    Shortage begin() {
        on = true;
        return this;
    }

    void end() {
        on = false;
    }

    /** Threads that did not start. */
    int failures() {
        return failures.get();
    }

    @Override
    public ThreadFactory apply(String name) {
        ThreadFactory factory = CallbackExecutor.daemons(name);
        return task -> {
            if (on) {
                failures.incrementAndGet();
                throw new OutOfMemoryError("unable to create native thread");
            }
            return factory.newThread(task);
        };
    }
}
