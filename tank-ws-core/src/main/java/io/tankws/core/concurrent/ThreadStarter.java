package io.tankws.core.concurrent;

import io.tankws.spi.support.MemoryShortage;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** The source of the core's own threads. Tests replace it to simulate a system that has no more threads. */
public interface ThreadStarter {
    ThreadStarter DAEMONS = (task, name) -> {
        Thread thread = new Thread(() -> MemoryShortage.outlast(task), name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    };

    /** Returns a starter that takes each thread from what makes threads whose names begin with a text. */
    static ThreadStarter of(Function<String, ThreadFactory> factories) {
        return (task, name) -> {
            Thread thread = factories.apply(name).newThread(() -> MemoryShortage.outlast(task));
            thread.start();
            return thread;
        };
    }

    /**
     * Starts a thread. It runs the task again when an {@link OutOfMemoryError} escapes from it, by {@link
     * MemoryShortage}.
     *
     * @throws OutOfMemoryError if the system has no more threads
     */
    Thread start(Runnable task, String name);
}
