package io.tankws.backplane.redis;

import io.netty.channel.EventLoop;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.BackplaneListener.Continuity;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor of the Redis connections. It opens one session after the other and reports their state to the
 * listener. A session counts as connected when every requested channel is subscribed and each server has returned a
 * probe, and as long as probes return. Used by the backplane's event loop only.
 */
final class ConnectionSupervisor implements RedisSession.Owner {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Time between two probes of each connection, in milliseconds. */
    private static final long PROBE_PERIOD_MILLIS = 1_000;

    /** Time without progress after which a session that is being opened fails, in nanoseconds. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Upper bound of the pause after the first failure, in milliseconds. Each further failure doubles it. */
    private static final long MIN_BACKOFF_MILLIS = 50;

    /**
     * Upper bound of the pause after many failures, in milliseconds. It is short, because a disconnected node cannot
     * serve its cluster. Jitter spreads the attempts of many nodes.
     */
    private static final long MAX_BACKOFF_MILLIS = 2_000;

    private static final int MAX_DOUBLINGS = 6;

    /**
     * Time for which a session must have been connected before its failure counts as a first failure, in nanoseconds.
     */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * Time after which a tick connects, in nanoseconds, if the timer of the reconnection has not. The timer can fail
     * for lack of memory.
     */
    private static final long OVERDUE_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * MAX_BACKOFF_MILLIS);

    private static final String EVICTION = "the maxmemory-policy of Redis evicts any key when its memory is full."
            + " Topics lose their histories then, and their subscribers load their state again."
            + " Set it to noeviction or to a policy that begins with volatile-";

    private final FailureLog failures = new FailureLog(LOG::error);
    private final EventLoop loop;
    private final RedisConnectionFactory connections;
    private final Discovery discovery;
    private final RedisKeys keys;
    private final String topicChannelPrefix;
    private final BackplaneListener listener;
    private final Consumer<String> warnings;
    /** Requested channels, each with the callback that reports its subscription. */
    private final Map<String, Runnable> requested = new HashMap<>();

    private @Nullable RedisSession session;
    private boolean probing;
    private boolean up;
    private boolean disconnectReported;
    private boolean messageReported;
    private boolean evictionReported;
    private boolean ended;
    private int failedSessions;
    private long failedAt;
    private long progressedAt;
    private long upAt;
    /** Run ids of the servers of the last connected session. */
    private Set<String> serverRunIds = Set.of();

    /**
     * Time until which no message can have been lost, by {@link System#nanoTime()}. It is real time, because other
     * nodes publish also while this process is suspended.
     */
    private long verifiedAt = System.nanoTime();

    ConnectionSupervisor(
            RedisEventLoop thread,
            RedisEndpoints address,
            RedisKeys keys,
            String topicChannelPrefix,
            BackplaneListener listener,
            Consumer<String> warnings) {
        this.keys = keys;
        this.warnings = warnings;
        this.topicChannelPrefix = topicChannelPrefix;
        this.listener = listener;
        loop = thread.loop();
        connections = new RedisConnectionFactory(thread, this::onReadComplete);
        discovery = new Discovery(connections, address);
    }

    void start() {
        loop.scheduleWithFixedDelay(RunningTime::nanoTime, 0, RunningTime.MAX_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        loop.scheduleWithFixedDelay(this::tickSafely, PROBE_PERIOD_MILLIS, PROBE_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        connect();
    }

    /** Returns the session, or {@code null} if none is connected. */
    @Nullable
    RedisSession session() {
        return up ? session : null;
    }

    void subscribe(String channel, Runnable onSubscribed) {
        requested.put(channel, onSubscribed);
        if (session != null) {
            session.subscriptions().changed(channel);
        }
    }

    void unsubscribe(String channel) {
        if (requested.remove(channel) != null && session != null) {
            session.subscriptions().changed(channel);
        }
    }

    private void connect() {
        if (ended || session != null) {
            return;
        }
        failedAt = RunningTime.nanoTime();
        probing = false;
        progressedAt = RunningTime.nanoTime();
        RedisSession next = new RedisSession(connections, keys, requested.keySet(), this);
        session = next;
        try {
            next.open(discovery, () -> {
                progressedAt = RunningTime.nanoTime();
                next.subscriptions().start();
                onProgress();
            });
        } catch (RuntimeException | Error e) {
            // For lack of memory the session may have no deadline, so nothing else would end it.
            onSessionFailed(next, e);
        }
    }

    @SuppressWarnings("NullAway") // only the session in use reports progress
    @Override
    public void onProgress() {
        progressedAt = RunningTime.nanoTime();
        if (!probing && session.subscriptions().isComplete()) {
            probing = true;
            session.probe();
        } else if (probing && !up && session.isVerified()) {
            up = true;
            upAt = RunningTime.nanoTime();
            disconnectReported = false;
            Continuity continuity = session.isSameServers(serverRunIds, verifiedAt)
                    ? Continuity.SAME_SERVER
                    : Continuity.DIFFERENT_SERVER;
            serverRunIds = session.serverRunIds();
            if (!evictionReported && session.evictsAnyKey()) {
                evictionReported = true;
                warnings.accept(EVICTION);
            }
            callListener(() -> listener.onConnected(continuity));
        }
    }

    /** Runs a tick. An event loop drops a periodic task that throws, and later probes and reconnections with it. */
    private void tickSafely() {
        try {
            tick();
        } catch (RuntimeException | Error e) {
            failures.report("a check of the connections to Redis failed; the next one follows", e);
        }
    }

    private void tick() {
        if (session == null) {
            if (RunningTime.nanoTime() - failedAt > OVERDUE_NANOS) {
                connect();
            }
            return;
        }
        if (up && RunningTime.nanoTime() - upAt > STEADY_NANOS) {
            failedSessions = 0;
        }
        if (probing) {
            session.probe();
        } else if (RunningTime.nanoTime() - progressedAt > STALL_NANOS
                && session.subscriptions().hasStarted()) {
            onSessionFailed(session, new SessionException("Redis does not answer"));
        }
    }

    @Override
    public void onSessionFailed(RedisSession failed, Throwable cause) {
        if (failed != session) {
            return;
        }
        if (up) {
            verifiedAt = failed.verifiedAt();
        }
        up = false;
        session = null;
        failedAt = RunningTime.nanoTime();
        if (!disconnectReported) {
            disconnectReported = true;
            Duration since = Duration.ofNanos(System.nanoTime() - verifiedAt);
            callListener(() -> listener.onDisconnected(cause, since));
        } else {
            callListener(() -> listener.onReconnectFailed(cause));
        }
        failed.close();
        long maxPause = Math.min(MAX_BACKOFF_MILLIS, MIN_BACKOFF_MILLIS << Math.min(failedSessions++, MAX_DOUBLINGS));
        if (!ended) {
            loop.schedule(this::connect, ThreadLocalRandom.current().nextLong(maxPause + 1), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void onMessage(String channel, byte[] message) {
        messageReported = true;
        callListener(() -> deliver(channel, message));
    }

    private void deliver(String channel, byte[] bytes) {
        PublicationMessage publication = publication(channel, bytes);
        if (publication == null) {
            listener.onMessage(channel, PublicationMessage.unmark(bytes));
        } else {
            listener.onPublication(channel, publication.publication(), publication.envelope());
        }
    }

    /**
     * Returns the publication in received bytes, or {@code null} if they are another message. A damaged publication is
     * one, so that the listener counts it as garbage.
     */
    private @Nullable PublicationMessage publication(String channel, byte[] bytes) {
        if (!PublicationMessage.isPublication(bytes) || !channel.startsWith(topicChannelPrefix)) {
            return null;
        }
        try {
            return PublicationMessage.decode(channel.substring(topicChannelPrefix.length()), bytes);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public void onSubscribed(String channel) {
        Runnable onSubscribed = requested.get(channel);
        if (onSubscribed != null) {
            callListener(onSubscribed);
        }
    }

    private void onReadComplete() {
        if (messageReported) {
            messageReported = false;
            callListener(listener::onReadComplete);
        }
    }

    private void callListener(Runnable call) {
        if (ended) {
            return;
        }
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            // An error of the listener must not end the session.
            failures.report("the listener of a Redis backplane has thrown", e);
        }
    }

    /** Closes the connections. The listener is not called any more. */
    CompletionStage<Void> end() {
        ended = true;
        up = false;
        RedisSession last = session;
        session = null;
        CompletionStage<Void> closed = last == null ? CompletableFuture.completedStage(null) : last.close();
        return closed.whenComplete((nothing, failure) -> connections.close());
    }
}
