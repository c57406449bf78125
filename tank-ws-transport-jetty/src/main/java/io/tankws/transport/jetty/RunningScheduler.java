package io.tankws.transport.jetty;

import io.tankws.spi.support.RunningTime;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Jetty's timer by the {@link RunningTime}: after a suspension of the process a task waits for its remaining time. The
 * clock must be read periodically, which {@link HandshakeTimeout} does.
 */
final class RunningScheduler extends ScheduledExecutorScheduler {
    RunningScheduler(ScheduledExecutorService timers) {
        super(timers);
    }

    @Override
    public Scheduler.Task schedule(Runnable task, long delay, TimeUnit unit) {
        Delayed delayed = new Delayed(task, RunningTime.nanoTime() + unit.toNanos(delay));
        delayed.begin();
        return delayed;
    }

    private Scheduler.Task later(Runnable task, long nanos) {
        return super.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private final class Delayed implements Scheduler.Task, Runnable {
        private final Runnable task;
        private final long due;

        @SuppressWarnings("NullAway.Init") // set by begin
        private Scheduler.Task current;

        private boolean finished;

        Delayed(Runnable task, long due) {
            this.task = task;
            this.due = due;
        }

        synchronized void begin() {
            if (!finished) {
                current = later(this, Math.max(0, due - RunningTime.nanoTime()));
            }
        }

        @Override
        public void run() {
            if (due - RunningTime.nanoTime() > 0) {
                begin();
            } else if (finish()) {
                task.run();
            }
        }

        /** Marks the task as finished. Returns whether it had neither run nor been cancelled. */
        private synchronized boolean finish() {
            boolean first = !finished;
            finished = true;
            return first;
        }

        @Override
        public synchronized boolean cancel() {
            boolean cancelled = finish();
            current.cancel();
            return cancelled;
        }
    }
}
