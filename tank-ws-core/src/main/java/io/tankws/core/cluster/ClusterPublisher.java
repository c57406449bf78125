package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.ClusterConfig;
import io.tankws.ErrorCode;
import io.tankws.OutagePolicy;
import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.concurrent.StageCallbackExecutor;
import io.tankws.core.event.EventDispatcher;
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
import org.jspecify.annotations.Nullable;

/**
 * The publisher of a node. It assigns offsets, bounds the number of publishes in flight, and applies the outage
 * policy.
 *
 * <p>One lock makes the order of offsets the order of publishing. No stage completes and no message is delivered
 * under it.
 */
final class ClusterPublisher {
    /**
     * Time for which buffered messages still wait after a reconnection, at most half of their maximum wait. The other
     * nodes reconnect within that time and would miss the messages otherwise.
     */
    static final Duration RECONNECT_GRACE = Duration.ofSeconds(3);

    final LongAdder published = new LongAdder();
    final LongAdder failed = new LongAdder();
    private final ClusterConfig cluster;
    private final Backplane backplane;
    /** Function from a name to a subscribed channel, or to {@code null} if there is none. */
    private final Function<String, @Nullable BackplaneChannel> channels;

    private final EventDispatcher events;
    private final PublisherPositions streams;
    private final StageCallbackExecutor calls;
    private final InFlightPublishes admitted;
    private final OutageBuffer waiting;
    private final RankedLock lock = new RankedLock(RankedLock.Rank.PUBLISHER);
    private boolean running;
    private boolean up;
    private boolean wasUp;
    /** Time from which on buffered messages may leave. */
    private long leavingAt = RunningTime.nanoTime();

    ClusterPublisher(
            ClusterConfig cluster,
            Backplane backplane,
            Function<String, @Nullable BackplaneChannel> channels,
            EventDispatcher events,
            StageCallbackExecutor calls) {
        this.cluster = cluster;
        this.backplane = backplane;
        this.channels = channels;
        this.events = events;
        this.calls = calls;
        admitted = new InFlightPublishes(cluster);
        waiting = new OutageBuffer(cluster.outagePolicy());
        streams = new PublisherPositions(cluster.maxStreams());
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
     * Publishes a message through the backplane.
     *
     * @param localFallback local delivery under {@link io.tankws.OutagePolicy#LOCAL_ONLY}, or {@code null} if there
     *     is none
     */
    CompletableFuture<Void> send(String channel, byte[] letter, @Nullable Runnable localFallback) {
        PendingPublish departure = new PendingPublish(channel, letter, localFallback, calls);
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

    /** Fails a publish that no message between nodes can hold. */
    CompletableFuture<Void> refuse(String message) {
        return refuse(Reason.REFUSED, message);
    }

    CompletableFuture<Void> refuse(Reason reason, String message) {
        PendingPublish departure = new PendingPublish("", new byte[0], null, calls);
        fail(departure, reason, message);
        return departure.stage;
    }

    /** Decides on a new publish. Returns actions to run without the lock. */
    private Runnable take(PendingPublish departure) {
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

    /** Handles a publish while the backplane is disconnected or earlier publishes still wait. */
    private Runnable wait(PendingPublish departure) {
        OutagePolicy policy = cluster.outagePolicy();
        if (policy instanceof OutagePolicy.Buffer) {
            return waiting.offer(departure)
                    ? () -> {}
                    : () -> fail(departure, Reason.OVERFLOW, "too much waits for the backplane");
        }
        Runnable localFallback = departure.localFallback;
        if (policy instanceof OutagePolicy.LocalOnly && localFallback != null) {
            return () -> {
                localFallback.run();
                departure.stage.complete(null);
            };
        }
        return () -> fail(departure, Reason.UNREACHABLE, "the backplane is down");
    }

    private boolean fits(PendingPublish departure) {
        return admitted.hasRoomFor(departure, calls.underWay());
    }

    /**
     * Publishes a message, or holds it until local subscribers can receive it. Returns the stage of the backplane, or
     * {@code null} if the message is held.
     */
    private @Nullable CompletionStage<Void> admit(PendingPublish departure) {
        admitted.add(departure);
        BackplaneChannel channel = channels.apply(departure.channel);
        if (channel != null && !channel.subscribed) {
            channel.awaitingSubscription.add(departure);
            return null;
        }
        return publish(departure);
    }

    private CompletionStage<Void> publish(PendingPublish departure) {
        departure.handedOver = true;
        streams.stamp(departure.channel, departure.message, System.nanoTime());
        CompletionStage<Void> answer;
        try {
            answer = backplane.publish(departure.channel, departure.message);
        } catch (RuntimeException | Error e) {
            // Later publishes must leave once each, and this one may have left already.
            answer = CompletableFuture.failedFuture(e);
        }
        if (PendingPublish.isUnreachable(answer.toCompletableFuture())) {
            streams.rollback(departure.channel);
        }
        return answer;
    }

    private void await(PendingPublish departure, CompletionStage<Void> answer) {
        answer.whenComplete((nothing, error) -> answered(departure, error));
    }

    private void answered(PendingPublish departure, @Nullable Throwable error) {
        DeferredActions then = new DeferredActions();
        lock.lock();
        try {
            if (departure.done) {
                return;
            }
            end(departure);
            then.add(() -> complete(departure, error));
            admitWaiting(RunningTime.nanoTime(), then);
        } finally {
            lock.unlock();
        }
        then.run();
    }

    private void complete(PendingPublish departure, @Nullable Throwable error) {
        assert RankedLock.noneHeld();
        if (error == null) {
            published.increment();
            departure.stage.complete(null);
        } else {
            fail(departure, PendingPublish.named(error));
        }
    }

    private void end(PendingPublish departure) {
        departure.done = true;
        admitted.remove(departure);
        BackplaneChannel channel = departure.handedOver ? null : channels.apply(departure.channel);
        if (channel != null) {
            channel.awaitingSubscription.remove(departure);
        }
    }

    /** Returns the oldest buffered publish, or {@code null} if there is none or it must wait. */
    private @Nullable PendingPublish leaving(long now) {
        PendingPublish oldest = waiting.peek();
        return up && oldest != null && now - leavingAt >= 0 && fits(oldest) ? oldest : null;
    }

    private void admitWaiting(long now, DeferredActions then) {
        for (PendingPublish next = leaving(now); next != null; next = leaving(now)) {
            PendingPublish departure = next;
            waiting.removeFirst();
            CompletionStage<Void> answer = admit(departure);
            if (answer != null) {
                then.add(() -> await(departure, answer));
            }
        }
    }

    /**
     * Releases the publishes that waited for a channel which is now subscribed or released. Returns actions to run
     * without locks.
     */
    Runnable release(BackplaneChannel channel) {
        lock.lock();
        try {
            DeferredActions answers = new DeferredActions();
            channel.subscribed = true;
            if (!up && wasUp) {
                // The connection may end before it is reported as up, and no event reports that.
                channel.interrupt();
            }
            for (PendingPublish held : channel.awaitingSubscription) {
                CompletionStage<Void> answer = publish(held);
                answers.add(() -> await(held, answer));
            }
            channel.awaitingSubscription.clear();
            return answers;
        } finally {
            lock.unlock();
        }
    }

    /** Records the connection of the backplane. */
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
        return cluster.outagePolicy() instanceof OutagePolicy.Buffer buffer
                ? Math.min(RECONNECT_GRACE.toNanos(), buffer.age().toNanos() / 2)
                : 0;
    }

    /** Records the disconnect of the backplane, which completes the publishes that it has accepted. */
    void down(Collection<BackplaneChannel> all) {
        DeferredActions then = new DeferredActions();
        lock.lock();
        try {
            up = false;
            for (BackplaneChannel channel : all) {
                if (channel.subscribed) {
                    channel.subscribed = false;
                    channel.interrupt();
                }
            }
            // The order is that of the publishes, before those that could not be held.
            List<PendingPublish> again = new ArrayList<>(admitted.notHandedOver());
            again.forEach(this::end);
            again.addAll(waiting.clear());
            for (PendingPublish departure : again) {
                departure.done = false;
                then.add(wait(departure));
            }
        } finally {
            lock.unlock();
        }
        then.run();
    }

    /** Fails publishes whose time is over. */
    void check(long now) {
        DeferredActions then = new DeferredActions();
        lock.lock();
        try {
            long oldest = now - cluster.publishTimeout().toNanos() + ClusterNode.TICK.toNanos() * 2;
            while (admitted.first() != null && admitted.first().admitted - oldest <= 0) {
                PendingPublish late = admitted.first();
                end(late);
                then.add(() -> fail(late, late.late()));
            }
            for (PendingPublish expired : waiting.expire(now)) {
                then.add(() -> fail(expired, Reason.EXPIRED, "it waited too long for the backplane"));
            }
            admitWaiting(now, then);
        } finally {
            lock.unlock();
        }
        then.run();
    }

    /** Fails the waiting publishes. The end of the backplane completes those that it has accepted. */
    void close() {
        DeferredActions then = new DeferredActions();
        lock.lock();
        try {
            running = false;
            up = false;
            List<PendingPublish> left = new ArrayList<>(admitted.notHandedOver());
            left.forEach(this::end);
            left.addAll(waiting.clear());
            left.forEach(departure -> then.add(() -> fail(departure, Reason.NOT_RUNNING, "the manager is shut down")));
        } finally {
            lock.unlock();
        }
        then.run();
    }

    List<NodeMessage.StreamPosition> publishedWithin(long nanos) {
        lock.lock();
        try {
            return streams.publishedWithin(nanos, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    List<NodeMessage.StreamPosition> publishedWithin(List<String> names, long nanos) {
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

    private void fail(PendingPublish departure, Reason reason, String message) {
        fail(departure, new BackplaneException(reason, message, null));
    }

    private void fail(PendingPublish departure, BackplaneException error) {
        assert RankedLock.noneHeld();
        failed.increment();
        try {
            events.error(ErrorCode.PUBLISH_FAILED, String.valueOf(error.getMessage()), null, error);
        } finally {
            departure.stage.completeExceptionally(error);
        }
    }
}
