package io.tankws.core.concurrent;

import io.tankws.spi.support.FailureLog;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that repeats one task and survives its failures. The timer of an executor would not: it drops a task that
 * throws, and a worker that dies for lack of memory may find no thread to replace it.
 */
public final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Pause after a failed round, in nanoseconds. */
    private static final long PAUSE_AFTER_FAILURE = Duration.ofMillis(100).toNanos();

    private final String name;
    /** Created in advance, because there may be no memory when it is needed. */
    private final String failureText;

    private final LongSupplier round;
    private final ThreadStarter starter;
    private final FailureLog failures = new FailureLog(LOG::error);
    /** Thread of the rounds, or {@code null} if this ticker is stopped. */
    private volatile @Nullable Loop current;

    /**
     * Creates a stopped ticker.
     *
     * @param round one round; returns the nanoseconds until the next one
     */
    public Ticker(String name, LongSupplier round, ThreadStarter starter) {
        this.name = name;
        failureText = "A round of " + name + " failed; the next one follows";
        this.round = round;
        this.starter = starter;
    }

    /**
     * Starts the rounds, unless they run already.
     *
     * @throws OutOfMemoryError if no thread can be started; this ticker stays stopped and can be started later
     */
    public synchronized void start() {
        if (current != null) {
            return;
        }
        Loop loop = new Loop();
        current = loop;
        try {
            loop.thread = starter.start(loop, name);
        } finally {
            if (loop.thread == null) {
                current = null;
            }
        }
    }

    /** Stops the rounds. Does not wait for the current one. */
    public synchronized void stop() {
        Loop stopped = current;
        current = null;
        if (stopped != null) {
            LockSupport.unpark(stopped.thread);
        }
    }

    private final class Loop implements Runnable {
        /** Thread of this loop, or {@code null} until it is started. */
        private @Nullable Thread thread;

        @Override
        public void run() {
            while (current == this) {
                long pause = PAUSE_AFTER_FAILURE;
                try {
                    pause = round.getAsLong();
                } catch (Throwable e) {
                    failures.report(failureText, e);
                }
                // Interrupts have no meaning here. A pending one would end the pause at once.
                Thread.interrupted();
                if (current == this) {
                    LockSupport.parkNanos(Ticker.this, pause);
                }
            }
        }
    }
}
