package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.core.concurrent.ThreadStarter;
import io.tankws.core.concurrent.Ticker;
import io.tankws.core.config.HeartbeatConfig;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The housekeeper: one thread that checks all clients periodically for heartbeats and overdue writes and closes. No
 * client has a timer of its own.
 */
public final class Housekeeper {
    private static final long MIN_ROUND = Duration.ofMillis(5).toNanos();
    private static final long MAX_ROUND =
            Duration.ofMillis(RunningTime.MAX_PERIOD_MILLIS).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Created in advance, because there may be no memory when it is needed. */
    private final String failureText;

    private final ClientRegistry registry;
    private final ClientLimits limits;
    private final Duration decisionTime;
    private final List<Runnable> chores;
    private final Ticker ticker;
    private final FailureLog failures = new FailureLog(LOG::error);
    /** Heartbeat, or {@code null} if clients get no pings. */
    private volatile @Nullable HeartbeatConfig heartbeat;

    /**
     * Creates a stopped housekeeper.
     *
     * @param decisionTime shortest timeout of a decision of user code, which a task checks
     * @param chores additional tasks of each round
     */
    public Housekeeper(
            String name, ClientRegistry registry, ClientLimits limits, Duration decisionTime, List<Runnable> chores) {
        this(name, registry, limits, decisionTime, chores, ThreadStarter.DAEMONS);
    }

    public Housekeeper(
            String name,
            ClientRegistry registry,
            ClientLimits limits,
            Duration decisionTime,
            List<Runnable> chores,
            ThreadStarter starter) {
        failureText = name + ": a step of the housekeeper failed";
        this.registry = registry;
        this.limits = limits;
        this.decisionTime = decisionTime;
        this.chores = chores;
        ticker = new Ticker(name + "-housekeeper", this::round, starter);
    }

    public void start() {
        ticker.start();
    }

    public void stop() {
        ticker.stop();
    }

    /**
     * Sets the heartbeat, or none if it is {@code null}. A shorter interval takes effect after the current round,
     * within a tenth of a second.
     */
    public void heartbeat(@Nullable HeartbeatConfig heartbeat) {
        this.heartbeat = heartbeat;
    }

    private long round() {
        HeartbeatConfig current = heartbeat;
        long now = RunningTime.nanoTime();
        // A failure must not stop the rest of the round.
        for (ClientSession session : registry.sessions()) {
            check(session, now, current);
        }
        for (ClientSession session : registry.pending()) {
            check(session, now, current);
        }
        for (Runnable chore : chores) {
            try {
                chore.run();
            } catch (Throwable e) {
                failures.report(failureText, e);
            }
        }
        return pause();
    }

    private void check(ClientSession session, long now, @Nullable HeartbeatConfig current) {
        try {
            SessionCheck.run(session, now, current);
        } catch (Throwable e) {
            failures.report(failureText, e);
        }
    }

    /** Returns a quarter of the shortest timeout, which bounds the delay of each check. */
    private long pause() {
        HeartbeatConfig current = heartbeat;
        long shortest =
                Math.min(limits.writeTimeout().toNanos(), limits.closeTimeout().toNanos());
        shortest = Math.min(
                shortest,
                Math.min(limits.outboxAge().toNanos(), limits.outboxSoftTime().toNanos()));
        shortest = Math.min(shortest, Math.min(limits.catchUpTime().toNanos(), decisionTime.toNanos()));
        if (current != null) {
            shortest = Math.min(shortest, Math.min(current.interval(), current.timeout()));
        }
        return Math.max(MIN_ROUND, Math.min(MAX_ROUND, shortest / 4));
    }
}
