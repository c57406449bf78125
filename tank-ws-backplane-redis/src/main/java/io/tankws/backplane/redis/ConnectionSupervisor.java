package io.tankws.backplane.redis;

import io.netty.channel.EventLoop;
import io.tankws.spi.BackplaneListener;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link after the other, and what the listener is told of it. A link is believed only when everything wanted is heard and
 * each connection has brought back a probe, and from then on as long as probes come back. Of the backplane's thread.
 */
final class ConnectionSupervisor implements RedisSession.Owner {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** How often each connection is proven. */
    private static final long PROBE_PERIOD_MILLIS = 1_000;

    /** How long a link that is not up yet may make no progress. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** How long to wait at most after the first failure; twice as long after each further one. */
    private static final long FIRST_BACKOFF_MILLIS = 50;

    /** Short, because a node that is down serves nobody; the jitter keeps a thousand of them apart. */
    private static final long LONGEST_BACKOFF_MILLIS = 2_000;

    private static final int MOST_DOUBLINGS = 6;

    /** How long a link must have been up before its end counts as a first failure again. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long a reconnection may be overdue. Its own timer can fail, for lack of memory. */
    private static final long OVERDUE_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * LONGEST_BACKOFF_MILLIS);

    private final FailureLog failures = new FailureLog(LOG::error);
    private final EventLoop loop;
    private final RedisConnectionFactory connections;
    private final Discovery discovery;
    private final RedisKeys names;
    private final BackplaneListener listener;
    /** Channels, and whom to tell that they are heard. */
    private final Map<String, Runnable> wanted = new HashMap<>();

    private RedisSession link;
    private boolean probing;
    private boolean up;
    private boolean toldDown;
    private boolean toldMessage;
    private boolean ended;
    private int failedLinks;
    private long brokenAt;
    private long progressedAt;
    private long upAt;
    /** What ran the servers of the last link that was up. */
    private Set<String> runs = Set.of();

    /** In real time, for the other nodes have published meanwhile whether this process ran or not. */
    private long provenAt = System.nanoTime();

    ConnectionSupervisor(RedisEventLoop thread, RedisEndpoints address, RedisKeys names, BackplaneListener listener) {
        this.names = names;
        this.listener = listener;
        loop = thread.loop();
        connections = new RedisConnectionFactory(thread, this::readComplete);
        discovery = new Discovery(connections, address);
    }

    void begin() {
        loop.scheduleWithFixedDelay(RunningTime::nanoTime, 0, RunningTime.MAX_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        loop.scheduleWithFixedDelay(this::tickSafely, PROBE_PERIOD_MILLIS, PROBE_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        connect();
    }

    /** Returns the link if it is up, {@code null} otherwise. */
    RedisSession link() {
        return up ? link : null;
    }

    void subscribe(String channel, Runnable heard) {
        wanted.put(channel, heard);
        if (link != null) {
            link.subscriptions().changed(channel);
        }
    }

    void unsubscribe(String channel) {
        if (wanted.remove(channel) != null && link != null) {
            link.subscriptions().changed(channel);
        }
    }

    private void connect() {
        if (ended || link != null) {
            return;
        }
        brokenAt = RunningTime.nanoTime();
        probing = false;
        progressedAt = RunningTime.nanoTime();
        RedisSession next = new RedisSession(connections, names, wanted.keySet(), this);
        link = next;
        try {
            next.open(discovery, () -> {
                progressedAt = RunningTime.nanoTime();
                next.subscriptions().begin();
                progressed();
            });
        } catch (RuntimeException | Error e) {
            // A link without its deadline, for lack of memory, would be waited for without an end.
            broken(next, e);
        }
    }

    @Override
    public void progressed() {
        progressedAt = RunningTime.nanoTime();
        if (!probing && link.subscriptions().isComplete()) {
            probing = true;
            link.probe();
        } else if (probing && !up && link.isProven()) {
            up = true;
            upAt = RunningTime.nanoTime();
            toldDown = false;
            boolean same = link.isOf(runs, provenAt);
            runs = link.runs();
            tell(() -> listener.onUp(same));
        }
    }

    /** An event loop drops a periodic task that throws, and with it every later probe and reconnection. */
    private void tickSafely() {
        try {
            tick();
        } catch (RuntimeException | Error e) {
            failures.report("a check of the connections to Redis failed; the next one follows", e);
        }
    }

    private void tick() {
        if (link == null) {
            if (RunningTime.nanoTime() - brokenAt > OVERDUE_NANOS) {
                connect();
            }
            return;
        }
        if (up && RunningTime.nanoTime() - upAt > STEADY_NANOS) {
            failedLinks = 0;
        }
        if (probing) {
            link.probe();
        } else if (RunningTime.nanoTime() - progressedAt > STALL_NANOS
                && link.subscriptions().hasBegun()) {
            broken(link, new SessionException("Redis does not answer"));
        }
    }

    @Override
    public void broken(RedisSession broken, Throwable cause) {
        if (broken != link) {
            return;
        }
        if (up) {
            provenAt = broken.provenAt();
        }
        up = false;
        link = null;
        brokenAt = RunningTime.nanoTime();
        if (!toldDown) {
            toldDown = true;
            Duration since = Duration.ofNanos(System.nanoTime() - provenAt);
            tell(() -> listener.onDown(cause, since));
        } else {
            tell(() -> listener.onStillDown(cause));
        }
        broken.close();
        long most = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << Math.min(failedLinks++, MOST_DOUBLINGS));
        if (!ended) {
            loop.schedule(this::connect, ThreadLocalRandom.current().nextLong(most + 1), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void message(String channel, byte[] message) {
        toldMessage = true;
        tell(() -> listener.onMessage(channel, message));
    }

    @Override
    public void heard(String channel) {
        Runnable told = wanted.get(channel);
        if (told != null) {
            tell(told);
        }
    }

    private void readComplete() {
        if (toldMessage) {
            toldMessage = false;
            tell(listener::onReadComplete);
        }
    }

    private void tell(Runnable call) {
        if (ended) {
            return;
        }
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            // Whatever it is, the link must not be lost with it.
            failures.report("the listener of a Redis backplane has thrown", e);
        }
    }

    /** Tells nothing any more, and ends the connections. */
    CompletionStage<Void> end() {
        ended = true;
        up = false;
        RedisSession last = link;
        link = null;
        CompletionStage<Void> closed = last == null ? CompletableFuture.completedStage(null) : last.close();
        return closed.whenComplete((nothing, failure) -> connections.close());
    }
}
