package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.core.concurrent.ThreadStarter;
import io.tankws.core.concurrent.Ticker;
import io.tankws.core.config.HeartbeatConfig;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that looks over all clients again and again: heartbeats, writes and closes that are overdue. No client has
 * a timer of its own.
 */
public final class Housekeeper {
    private static final long SHORTEST_ROUND = Duration.ofMillis(5).toNanos();
    private static final long LONGEST_ROUND =
            Duration.ofMillis(RunningTime.MAX_PERIOD_MILLIS).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Made beforehand: there may be no memory when it is needed. */
    private final String failureText;

    private final ClientRegistry registry;
    private final ClientLimits limits;
    private final Duration decisionTime;
    private final List<Runnable> chores;
    private final Ticker ticker;
    private final FailureLog failures = new FailureLog(LOG::error);
    private volatile HeartbeatConfig heartbeat;

    /**
     * Creates a stopped housekeeper.
     *
     * @param decisionTime the deadline of a decision on a handshake, which a chore checks
     * @param chores what each round does beside looking over the clients
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
     * {@code null} for none. A shorter one takes effect after the round that is under way, a tenth of a second at
     * most.
     */
    public void heartbeat(HeartbeatConfig heartbeat) {
        this.heartbeat = heartbeat;
    }

    private long round() {
        HeartbeatConfig current = heartbeat;
        long now = RunningTime.nanoTime();
        // What fails here must not keep the rest of the round from its turn.
        for (ClientSession session : registry.sessions()) {
            try {
                session.check(now, current);
            } catch (Throwable e) {
                failures.report(failureText, e);
            }
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

    /** A quarter of the shortest wait that is asked for: nothing is overdue by more. */
    private long pause() {
        HeartbeatConfig current = heartbeat;
        long shortest =
                Math.min(limits.writeTimeout().toNanos(), limits.closeTimeout().toNanos());
        shortest = Math.min(
                shortest,
                Math.min(limits.outboxAge().toNanos(), limits.outboxSoftTime().toNanos()));
        shortest = Math.min(shortest, decisionTime.toNanos());
        if (current != null) {
            shortest = Math.min(shortest, Math.min(current.interval(), current.timeout()));
        }
        return Math.max(SHORTEST_ROUND, Math.min(LONGEST_ROUND, shortest / 4));
    }
}
