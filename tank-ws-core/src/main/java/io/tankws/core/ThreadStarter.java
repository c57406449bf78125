package io.tankws.core;

/** The source of the core's own threads. Tests replace it to simulate a system that has no more threads. */
interface ThreadStarter {
    ThreadStarter DAEMONS = (task, name) -> {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    };

    /**
     * Starts a thread.
     *
     * @throws OutOfMemoryError if the system has no more threads
     */
    Thread start(Runnable task, String name);
}
