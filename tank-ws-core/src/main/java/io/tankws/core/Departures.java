package io.tankws.core;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.ClusterConfig;
import io.tankws.ErrorCode;
import io.tankws.OutagePolicy;
import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The way out of a node: numbers letters, bounds how many are under way, and applies the outage policy.
 *
 * <p>One lock makes the order of numbers the order of publishing. No stage completes and nothing is delivered under it.
 */
final class Departures {
    /**
     * How long what waited still waits when the backplane is back, but for at most half of what it may wait at all. The other
     * nodes come back within that time, and would miss it otherwise.
     */
    static final Duration REUNION = Duration.ofSeconds(3);

    final LongAdder published = new LongAdder();
    final LongAdder failed = new LongAdder();
    private final ClusterConfig cluster;
    private final Backplane backplane;
    private final Function<String, Channel> channels;
    private final Events events;
    private final Streams streams;
    private final UserCalls calls;
    private final InFlight admitted;
    private final Waitlist waiting;
    private final RankedLock lock = new RankedLock(RankedLock.Rank.DEPARTURES);
    private boolean running;
    private boolean up;
    private boolean wasUp;
    /** When what waits may leave. */
    private long leavingAt = RunningTime.nanoTime();

    Departures(
            ClusterConfig cluster, Backplane backplane, Function<String, Channel> channels, Events events, UserCalls calls) {
        this.cluster = cluster;
        this.backplane = backplane;
        this.channels = channels;
        this.events = events;
        this.calls = calls;
        admitted = new InFlight(cluster);
        waiting = new Waitlist(cluster.outagePolicy());
        streams = new Streams(cluster.maxStreams());
    }

    void open() {
        lock.lock();
        try {
            running = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a letter by way of the backplane.
     *
     * @param atHome what is done instead by {@link io.tankws.OutagePolicy#LOCAL_ONLY}; {@code null} if nothing can be
     */
    CompletableFuture<Void> send(String channel, byte[] letter, Runnable atHome) {
        Departure departure = new Departure(channel, letter, atHome, calls);
        Runnable then;
        lock.lock();
        try {
            then = running ? take(departure) : () -> fail(departure, Reason.NOT_RUNNING, "the manager is not running");
        } finally {
            lock.unlock();
        }
        then.run();
        return departure.stage;
    }

    /** Fails what no letter can hold. */
    CompletableFuture<Void> refuse(String message) {
        Departure departure = new Departure("", new byte[0], null, calls);
        fail(departure, Reason.REFUSED, message);
        return departure.stage;
    }

    /** Decides on a new one, and returns what is to be done outside the lock. */
    private Runnable take(Departure departure) {
        if (!up || !waiting.isEmpty()) {
            return wait(departure);
        }
        if (!fits(departure)) {
            return () -> fail(
                    departure,
                    Reason.OVERFLOW,
                    "too much is on its way to the backplane, or too much that depends on publishes has not ended");
        }
        CompletionStage<Void> answer = admit(departure);
        return answer == null ? () -> {} : () -> await(departure, answer);
    }

    /** The backplane is down, or others still wait for it. */
    private Runnable wait(Departure departure) {
        OutagePolicy.Kind policy = cluster.outagePolicy().kind();
        if (policy == OutagePolicy.Kind.BUFFER) {
            return waiting.offer(departure)
                    ? () -> {}
                    : () -> fail(departure, Reason.OVERFLOW, "too much waits for the backplane");
        }
        if (policy == OutagePolicy.Kind.LOCAL_ONLY && departure.atHome != null) {
            return () -> {
                departure.atHome.run();
                departure.stage.complete(null);
            };
        }
        return () -> fail(departure, Reason.UNREACHABLE, "the backplane is down");
    }

    private boolean fits(Departure departure) {
        return admitted.hasRoomFor(departure, calls.underWay());
    }

    /** Publishes, or holds back what this node's own subscribers would miss; returns the backplane's answer, if any. */
    private CompletionStage<Void> admit(Departure departure) {
        admitted.add(departure);
        Channel channel = channels.apply(departure.channel);
        if (channel != null && !channel.heard) {
            channel.held.add(departure);
            return null;
        }
        return publish(departure);
    }

    private CompletionStage<Void> publish(Departure departure) {
        departure.left = true;
        streams.number(departure.channel, departure.letter, System.nanoTime());
        CompletionStage<Void> answer;
        try {
            answer = backplane.publish(departure.channel, departure.letter);
        } catch (RuntimeException | Error e) {
            // Those after it must leave, once each, and this one may have left.
            answer = CompletableFuture.failedFuture(e);
        }
        if (Departure.isUnreachable(answer.toCompletableFuture())) {
            streams.takeBack(departure.channel);
        }
        return answer;
    }

    private void await(Departure departure, CompletionStage<Void> answer) {
        answer.whenComplete((nothing, error) -> answered(departure, error));
    }

    private void answered(Departure departure, Throwable error) {
        AfterLock then = new AfterLock();
        lock.lock();
        try {
            if (departure.over) {
                return;
            }
            end(departure);
            then.add(() -> settle(departure, error));
            admitWaiting(RunningTime.nanoTime(), then);
        } finally {
            lock.unlock();
        }
        then.run();
    }

    private void settle(Departure departure, Throwable error) {
        assert RankedLock.noneHeld();
        if (error == null) {
            published.increment();
            departure.stage.complete(null);
        } else {
            fail(departure, Departure.named(error));
        }
    }

    private void end(Departure departure) {
        departure.over = true;
        admitted.remove(departure);
        Channel channel = departure.left ? null : channels.apply(departure.channel);
        if (channel != null) {
            channel.held.remove(departure);
        }
    }

    private void admitWaiting(long now, AfterLock then) {
        while (up && !waiting.isEmpty() && now - leavingAt >= 0 && fits(waiting.peek())) {
            Departure departure = waiting.peek();
            waiting.removeFirst();
            CompletionStage<Void> answer = admit(departure);
            if (answer != null) {
                then.add(() -> await(departure, answer));
            }
        }
    }

    /**
     * A channel is heard, or this node does not want to hear it any more: what was held for it leaves. Returns what is to be
     * done outside of locks.
     */
    Runnable release(Channel channel) {
        lock.lock();
        try {
            AfterLock answers = new AfterLock();
            channel.heard = true;
            if (!up && wasUp) {
                // This connection may end before it is up, and no event reports that.
                channel.interrupt();
            }
            for (Departure held : channel.held) {
                CompletionStage<Void> answer = publish(held);
                answers.add(() -> await(held, answer));
            }
            channel.held.clear();
            return answers;
        } finally {
            lock.unlock();
        }
    }

    /** The backplane is there. */
    void up() {
        lock.lock();
        try {
            leavingAt = RunningTime.nanoTime() + reunion();
            up = true;
            wasUp = true;
        } finally {
            lock.unlock();
        }
    }

    private long reunion() {
        return Math.min(REUNION.toNanos(), cluster.outagePolicy().age().toNanos() / 2);
    }

    /** The backplane is gone; what it has been given it answers for itself. */
    void down(Collection<Channel> all) {
        AfterLock then = new AfterLock();
        lock.lock();
        try {
            up = false;
            for (Channel channel : all) {
                if (channel.heard) {
                    channel.heard = false;
                    channel.interrupt();
                }
            }
            // In their order, which is before what could not even be held.
            List<Departure> again = new ArrayList<>(admitted.notLeft());
            again.forEach(this::end);
            again.addAll(waiting.clear());
            for (Departure departure : again) {
                departure.over = false;
                then.add(wait(departure));
            }
        } finally {
            lock.unlock();
        }
        then.run();
    }

    /** Fails what is overdue. */
    void check(long now) {
        AfterLock then = new AfterLock();
        lock.lock();
        try {
            long oldest = now - cluster.publishTimeout().toNanos() + ClusterNode.TICK.toNanos() * 2;
            while (admitted.first() != null && admitted.first().admitted - oldest <= 0) {
                Departure late = admitted.first();
                end(late);
                then.add(() -> fail(late, late.late()));
            }
            for (Departure expired : waiting.expire(now)) {
                then.add(() -> fail(expired, Reason.EXPIRED, "it waited too long for the backplane"));
            }
            admitWaiting(now, then);
        } finally {
            lock.unlock();
        }
        then.run();
    }

    /** Fails what waits; what the backplane has been given is answered by its end. */
    void close() {
        AfterLock then = new AfterLock();
        lock.lock();
        try {
            running = false;
            up = false;
            List<Departure> left = new ArrayList<>(admitted.notLeft());
            left.forEach(this::end);
            left.addAll(waiting.clear());
            left.forEach(departure -> then.add(() -> fail(departure, Reason.NOT_RUNNING, "the manager is shut down")));
        } finally {
            lock.unlock();
        }
        then.run();
    }

    List<Letter.Head> publishedWithin(long nanos) {
        lock.lock();
        try {
            return streams.publishedWithin(nanos, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    List<Letter.Head> publishedWithin(List<String> names, long nanos) {
        lock.lock();
        try {
            return streams.publishedWithin(names, nanos, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    long pending() {
        lock.lock();
        try {
            return admitted.size() + (long) waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Departure departure, Reason reason, String message) {
        fail(departure, new BackplaneException(reason, message, null));
    }

    private void fail(Departure departure, BackplaneException error) {
        assert RankedLock.noneHeld();
        failed.increment();
        try {
            events.error(ErrorCode.PUBLISH_FAILED, error.getMessage(), null, error);
        } finally {
            departure.stage.completeExceptionally(error);
        }
    }
}
