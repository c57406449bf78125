package io.tankws.core.support;

import io.tankws.core.concurrent.ThreadStarter;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A system without threads until the test gives it some. */
public final class NoThreads implements ThreadStarter, Executor {
    public volatile boolean exhausted = true;
    final AtomicInteger refused = new AtomicInteger();
    public final AtomicInteger started = new AtomicInteger();

    @Override
    public Thread start(Runnable task, String name) {
        if (exhausted) {
            refused.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread: of this test");
        }
        started.incrementAndGet();
        return ThreadStarter.DAEMONS.start(task, name);
    }

    @Override
    public void execute(Runnable task) {
        start(task, "test-user-code");
    }

    public boolean tryExecute(Runnable task) {
        execute(task);
        return true;
    }
}
