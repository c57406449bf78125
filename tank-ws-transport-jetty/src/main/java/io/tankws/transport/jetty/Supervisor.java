package io.tankws.transport.jetty;

import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.MemoryShortage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that checks a server once per period and ends it after a failure. It depends on no thread of Jetty,
 * because all of them may die for lack of memory, and it allocates nothing after its start.
 */
final class Supervisor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Runnable check;
    private final Consumer<Throwable> end;
    private final long periodNanos;
    private final FailureLog failures = new FailureLog(LOG::error);
    private final AtomicReference<Throwable> cause = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Creates a supervisor that is not started.
     *
     * @param check may call {@link #fail}
     * @param end called at most once, on this thread, with the first failure
     */
    Supervisor(String threadName, Duration period, Runnable check, Consumer<Throwable> end) {
        this.check = check;
        this.end = end;
        periodNanos = period.toNanos();
        thread = new Thread(() -> MemoryShortage.outlast(this), threadName);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Requests the end of the server, unless it has been stopped or has failed before. Returns at once. */
    void fail(Throwable failure) {
        cause.compareAndSet(null, failure);
        LockSupport.unpark(thread);
    }

    /** Stops the checks, and waits for the end of the thread unless the caller runs on it. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        while (!stopped && cause.get() == null) {
            try {
                // An interrupt would end the pause early.
                Thread.interrupted();
                check.run();
            } catch (Throwable e) {
                failures.report("A check of the server failed; the next one follows", e);
            }
            if (!stopped && cause.get() == null) {
                LockSupport.parkNanos(this, periodNanos);
            }
        }
        if (!stopped) {
            end();
        }
    }

    private void end() {
        try {
            end.accept(cause.get());
        } catch (Throwable e) {
            failures.report("The end of a failed server failed", e);
        }
    }
}
