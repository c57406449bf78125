package io.tankws.spi.support;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown of a manager, server or transport, which runs once. The first caller runs it, and later callers wait
 * for its end. A caller on one of the threads that a shutdown waits for does neither: the shutdown then runs on a
 * separate thread. Safe for use by several threads.
 *
 * <p>For transports and this library; not to be extended.
 */
public final class Termination {
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread runner;
    private boolean begun;

    /** Creates a shutdown that has not begun. */
    public Termination() {
        MemoryShortage.prepare();
    }

    /**
     * Runs the shutdown, or waits for the one that has begun. An interrupt ends the wait, and stays set.
     *
     * @param waits {@code false} on a thread that a shutdown may wait for: then this returns at once
     * @param name the name of the thread that runs the shutdown where the caller does not wait
     * @param shutdown called by the first caller or by that thread; once, and again after each
     *     {@link OutOfMemoryError} that it throws
     */
    public void run(boolean waits, String name, Runnable shutdown) {
        Objects.requireNonNull(shutdown, "shutdown");
        if (begin()) {
            if (waits) {
                perform(shutdown);
            } else {
                performApart(name, shutdown);
            }
        } else if (waits && Thread.currentThread() != runner) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    private void performApart(String name, Runnable shutdown) {
        try {
            Thread thread = new Thread(() -> perform(shutdown), name);
            // The process must not end during the shutdown.
            thread.setDaemon(false);
            thread.start();
        } catch (OutOfMemoryError e) {
            // No thread can be started, and the shutdown must not be lost.
            perform(shutdown);
        }
    }

    private void perform(Runnable shutdown) {
        runner = Thread.currentThread();
        try {
            MemoryShortage.outlast(shutdown);
        } finally {
            runner = null;
            ended.countDown();
        }
    }
}
