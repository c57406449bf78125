package io.tankws.core.server;

import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.Refusal;
import io.tankws.ServerLimits;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.ThreadStarter;
import io.tankws.core.concurrent.Ticker;
import io.tankws.core.concurrent.TimedUserCalls;
import io.tankws.core.concurrent.UserCallLimits;
import io.tankws.core.handshake.AttachedManager;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of handshakes to the handlers of paths. A manager never blocks and is called on the thread of the
 * transport. Every other handler is user code. Each path has its own threads, so that a slow handler delays no other
 * path.
 */
final class RouteDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(RouteDispatcher.class);
    /** Time between two checks for calls that are past their deadline, in nanoseconds. */
    private static final long TICK = Duration.ofMillis(50).toNanos();

    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");
    private static final Refusal FAILED = new Refusal(500, "the server failed");
    private static final Refusal BUSY = new Refusal(503, "too many handshakes at once", RETRY);
    private static final Refusal ABANDONED = new Refusal(503, "too many handlers of this path do not end", RETRY);
    private static final Refusal TOO_SLOW = new Refusal(503, "the decision took too long", RETRY);
    private static final Refusal STOPPED = new Refusal(503, "the server is not taking connections");

    private final UserCallLimits limits;
    private final Function<String, ThreadFactory> factories;
    private final Map<String, TimedUserCalls> callsByPath = new ConcurrentHashMap<>();
    private final FailureLog refusals = new FailureLog(LOG::warn);
    private final FailureLog failures = new FailureLog(
            (text, cause) -> LOG.error("{} {}", text, cause.getClass().getName()));
    /** Action before the first call of a handler that is user code. */
    private final Ticker timer;

    private boolean ended;

    RouteDispatcher(ServerLimits limits) {
        this(limits, CallbackExecutor::daemons);
    }

    /**
     * Creates a dispatcher.
     *
     * @param factories function from a name prefix to a factory of callback threads
     */
    RouteDispatcher(ServerLimits limits, Function<String, ThreadFactory> factories) {
        this.limits = UserCallLimits.of(limits);
        this.factories = factories;
        timer = new Ticker("tank-ws-route-timer", this::check, ThreadStarter.of(factories));
    }

    /** Returns the handler that a transport calls for a path. */
    HandshakeHandler handler(String path, HandshakeHandler handler) {
        if (AttachedManager.of(handler) != null) {
            return handler;
        }
        TimedUserCalls calls = callsByPath.computeIfAbsent(path, this::calls);
        return handshake -> call(calls, handler, handshake);
    }

    private TimedUserCalls calls(String path) {
        String name = "tank-ws-route" + path;
        CallbackExecutor callbacks = new CallbackExecutor(name, limits.threads(), factories.apply(name));
        return new TimedUserCalls(callbacks, limits, RunningTime::nanoTime);
    }

    /**
     * Starts the ticker. Returns {@code false} if its thread cannot be started, because calls would have no deadline.
     */
    private synchronized boolean hasTimer() {
        try {
            if (!ended) {
                timer.start();
            }
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private long check() {
        long now = RunningTime.nanoTime();
        callsByPath.values().forEach(calls -> calls.check(now));
        return TICK;
    }

    private void call(TimedUserCalls calls, HandshakeHandler handler, Handshake handshake) {
        if (!hasTimer()) {
            refuse(handshake, BUSY);
            return;
        }
        TimedUserCalls.Call timed = calls.prepare(
                call -> {
                    run(handler, handshake);
                    call.settle();
                },
                () -> {
                    refuseUnlessDecided(handshake, TOO_SLOW);
                    return true;
                });
        switch (timed.start()) {
            case BEGUN -> {}
            case TOO_MANY_PENDING -> refuse(handshake, BUSY);
            case TOO_MANY_ABANDONED -> refuse(handshake, ABANDONED);
            case ENDED -> refuseUnlessDecided(handshake, STOPPED);
        }
    }

    private void refuse(Handshake handshake, Refusal refusal) {
        refusals.report("Handshakes get a 503: " + refusal.reason(), null);
        refuseUnlessDecided(handshake, refusal);
    }

    private void run(HandshakeHandler handler, Handshake handshake) {
        try {
            handler.handleConnection(handshake);
        } catch (Throwable e) {
            // The log shows only the class of a failure, because its text may repeat input of a peer.
            failures.report("The handler of a path threw", e);
            refuseUnlessDecided(handshake, FAILED);
        }
    }

    private static void refuseUnlessDecided(Handshake handshake, Refusal refusal) {
        try {
            handshake.refuse(refusal);
        } catch (IllegalStateException decided) {
            LOG.debug("It had decided before");
        }
    }

    /** Interrupts the running calls, and waits for their end for at most the timeout. */
    void end(Duration timeout) {
        synchronized (this) {
            ended = true;
            timer.stop();
        }
        long deadline = RunningTime.nanoTime() + timeout.toNanos();
        callsByPath.values().forEach(calls -> calls.end(Duration.ZERO));
        callsByPath.values().forEach(calls -> calls.end(RunningTime.until(deadline)));
    }
}
