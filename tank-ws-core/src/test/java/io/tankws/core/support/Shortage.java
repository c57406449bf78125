package io.tankws.core.support;

import io.tankws.core.concurrent.CallbackExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A shortage of threads that begins and ends. During it, threads fail to start as in a full container. */
public final class Shortage implements Function<String, ThreadFactory> {
    private volatile boolean on;
    private final AtomicInteger failures = new AtomicInteger();

    public Shortage begin() {
        on = true;
        return this;
    }

    public void end() {
        on = false;
    }

    /** Number of threads that did not start. */
    public int failures() {
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
