package io.tankws.core.concurrent;

import io.tankws.spi.support.MemoryShortage;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** The source of the threads of core. Tests replace it to simulate a system without free threads. */
public interface ThreadStarter {
    ThreadStarter DAEMONS = (task, name) -> {
        Thread thread = new Thread(() -> MemoryShortage.outlast(task), name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    };

    /** Returns a starter that uses a function from a name prefix to a thread factory. */
    static ThreadStarter of(Function<String, ThreadFactory> factories) {
        return (task, name) -> {
            Thread thread = factories.apply(name).newThread(() -> MemoryShortage.outlast(task));
            thread.start();
            return thread;
        };
    }

    /**
     * Starts a thread. {@link MemoryShortage} repeats the task when an {@link OutOfMemoryError} escapes from it.
     *
     * @throws OutOfMemoryError if the system has no more threads
     */
    Thread start(Runnable task, String name);
}
