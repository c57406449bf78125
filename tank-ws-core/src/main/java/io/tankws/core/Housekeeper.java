package io.tankws.core;

import io.tankws.Limits;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread that looks over all clients again and again: heartbeats, writes and closes that are overdue. No client has
 * a timer of its own.
 */
final class Housekeeper {
    private static final long SHORTEST_ROUND = Duration.ofMillis(5).toNanos();
    private static final long LONGEST_ROUND = Duration.ofMillis(100).toNanos();

    private final Registry registry;
    private final Limits limits;
    private final FlowControl flow;
    private final ScheduledThreadPoolExecutor timer;
    private volatile Heartbeat heartbeat;

    Housekeeper(String name, Registry registry, Limits limits, FlowControl flow) {
        this.registry = registry;
        this.limits = limits;
        this.flow = flow;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name + "-housekeeper");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
    }

    void start() {
        timer.execute(this::round);
    }

    void stop() {
        timer.shutdownNow();
    }

    /** {@code null} for none. A shorter one takes effect after the round that is under way, a tenth of a second at most. */
    void heartbeat(Heartbeat heartbeat) {
        this.heartbeat = heartbeat;
    }

    private void round() {
        try {
            Heartbeat current = heartbeat;
            long now = System.nanoTime();
            for (Outbox outbox : registry.snapshot()) {
                outbox.session.check(now, current);
            }
            flow.check(now);
        } finally {
            if (!timer.isShutdown()) {
                timer.schedule(this::round, pause(), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** A quarter of the shortest wait that is asked for: nothing is overdue by more. */
    private long pause() {
        Heartbeat current = heartbeat;
        long shortest =
                Math.min(limits.writeTimeout().toNanos(), limits.closeTimeout().toNanos());
        shortest = Math.min(
                shortest,
                Math.min(limits.outboxAge().toNanos(), limits.outboxSoftTime().toNanos()));
        if (current != null) {
            shortest = Math.min(shortest, Math.min(current.interval(), current.timeout()));
        }
        return Math.max(SHORTEST_ROUND, Math.min(LONGEST_ROUND, shortest / 4));
    }
}
