package io.tankws.transport.jetty;

import io.tankws.spi.support.RunningTime;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Jetty's timer by the {@link RunningTime}: after a gap a task waits for what it has still to wait. Something else must read
 * that clock, as the {@link HandshakeTimeout} does.
 */
final class RunningScheduler extends ScheduledExecutorScheduler {
    RunningScheduler(ScheduledExecutorService timers) {
        super(timers);
    }

    @Override
    public Scheduler.Task schedule(Runnable task, long delay, TimeUnit unit) {
        Waiting waiting = new Waiting(task, RunningTime.nanoTime() + unit.toNanos(delay));
        waiting.begin();
        return waiting;
    }

    private Scheduler.Task later(Runnable task, long nanos) {
        return super.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private final class Waiting implements Scheduler.Task, Runnable {
        private final Runnable task;
        private final long due;
        private Scheduler.Task current;
        private boolean over;

        Waiting(Runnable task, long due) {
            this.task = task;
            this.due = due;
        }

        synchronized void begin() {
            if (!over) {
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

        /** Returns whether the task has neither run nor been cancelled. */
        private synchronized boolean finish() {
            boolean first = !over;
            over = true;
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
