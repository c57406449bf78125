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
import java.util.function.Supplier;
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
    private final PublisherPositions positions;
    private final StageCallbackExecutor calls;
    private final InFlightPublishes inFlight;
    private final OutageBuffer outageBuffer;
    private final RankedLock lock = new RankedLock(RankedLock.Rank.PUBLISHER);
    private boolean running;
    private boolean connected;
    private boolean wasConnected;
    /** Time from which on buffered messages may leave. */
    private long bufferReleaseTime = RunningTime.nanoTime();

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
        inFlight = new InFlightPublishes(cluster);
        outageBuffer = new OutageBuffer(cluster.outagePolicy());
        positions = new PublisherPositions(cluster.maxStreams());
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
    CompletableFuture<Void> send(String channel, byte[] message, @Nullable Runnable localFallback) {
        Supplier<@Nullable Void> local = localFallback == null
                ? null
                : () -> {
                    localFallback.run();
                    return null;
                };
        PendingPublish<@Nullable Void> publish = new PendingPublish<>(
                channel, message, message.length, () -> backplane.publish(channel, message), local, calls);
        send(publish);
        return publish.stage;
    }

    /**
     * Passes a publication to the backplane in place of a node message.
     *
     * @param <T> type of the result
     * @param bytes size with which the publication counts
     * @param handOver call of the backplane, which only queues
     * @param localFallback local delivery under {@link io.tankws.OutagePolicy#LOCAL_ONLY}
     */
    <T extends @Nullable Object> CompletableFuture<T> send(
            String channel, int bytes, PendingPublish.HandOver<T> handOver, Supplier<T> localFallback) {
        PendingPublish<T> publish = new PendingPublish<>(channel, null, bytes, handOver, localFallback, calls);
        send(publish);
        return publish.stage;
    }

    /**
     * Publishes a node message.
     *
     * @param <T> type of the result
     * @param result result of the publish
     * @param localFallback local delivery under {@link io.tankws.OutagePolicy#LOCAL_ONLY}
     */
    <T extends @Nullable Object> CompletableFuture<T> send(
            String channel, byte[] message, T result, Supplier<T> localFallback) {
        PendingPublish<T> publish = new PendingPublish<>(
                channel,
                message,
                message.length,
                () -> backplane.publish(channel, message).thenApply(nothing -> result),
                localFallback,
                calls);
        send(publish);
        return publish.stage;
    }

    private void send(PendingPublish<?> publish) {
        Runnable then;
        lock.lock();
        try {
            then = running ? decide(publish) : () -> fail(publish, Reason.NOT_RUNNING, "the manager is not running");
        } finally {
            lock.unlock();
        }
        then.run();
    }

    /** Fails a publish that no message between nodes can hold. */
    <T> CompletableFuture<T> refuse(String message) {
        return refuse(Reason.REFUSED, message);
    }

    <T> CompletableFuture<T> refuse(Reason reason, String message) {
        PendingPublish<T> publish = new PendingPublish<>("", null, 0, CompletableFuture::new, null, calls);
        fail(publish, reason, message);
        return publish.stage;
    }

    /** Decides on a new publish. Returns actions to run without the lock. */
    private Runnable decide(PendingPublish<?> publish) {
        if (!connected || !outageBuffer.isEmpty()) {
            return applyOutagePolicy(publish);
        }
        if (!hasRoomFor(publish)) {
            return () -> fail(
                    publish,
                    Reason.OVERFLOW,
                    "too much is on its way to the backplane, or too much that depends on publishes has not ended");
        }
        return admit(publish);
    }

    /** Handles a publish while the backplane is disconnected or earlier publishes still wait. */
    private Runnable applyOutagePolicy(PendingPublish<?> publish) {
        OutagePolicy policy = cluster.outagePolicy();
        if (policy instanceof OutagePolicy.Buffer) {
            return outageBuffer.offer(publish)
                    ? () -> {}
                    : () -> fail(publish, Reason.OVERFLOW, "too much waits for the backplane");
        }
        if (policy instanceof OutagePolicy.LocalOnly && publish.hasLocalFallback()) {
            return publish::deliverLocally;
        }
        return () -> fail(publish, Reason.UNREACHABLE, "the backplane is down");
    }

    private boolean hasRoomFor(PendingPublish<?> publish) {
        return inFlight.hasRoomFor(publish, calls.underWay());
    }

    /**
     * Publishes a message, or holds it until local subscribers can receive it. Returns actions to run without the lock.
     */
    private Runnable admit(PendingPublish<?> publish) {
        inFlight.add(publish);
        BackplaneChannel channel = channels.apply(publish.channel);
        if (channel != null && !channel.subscribed) {
            channel.awaitingSubscription.add(publish);
            return () -> {};
        }
        return handOver(publish);
    }

    /** Passes a publish to the backplane. Returns actions to run without the lock. */
    private <T extends @Nullable Object> Runnable handOver(PendingPublish<T> publish) {
        boolean numbered = publish.message != null;
        if (publish.message != null) {
            positions.stamp(publish.channel, publish.message, System.nanoTime());
        }
        CompletionStage<T> answer = publish.handOver();
        if (numbered && PendingPublish.isUnreachable(answer.toCompletableFuture())) {
            positions.rollback(publish.channel);
        }
        return () -> answer.whenComplete((result, error) -> onAnswer(publish, result, error));
    }

    private <T extends @Nullable Object> void onAnswer(PendingPublish<T> publish, T result, @Nullable Throwable error) {
        DeferredActions then = new DeferredActions();
        lock.lock();
        try {
            if (publish.done) {
                return;
            }
            removeInFlight(publish);
            then.add(() -> complete(publish, result, error));
            admitBuffered(RunningTime.nanoTime(), then);
        } finally {
            lock.unlock();
        }
        then.run();
    }

    private <T extends @Nullable Object> void complete(PendingPublish<T> publish, T result, @Nullable Throwable error) {
        assert RankedLock.noneHeld();
        if (error == null) {
            published.increment();
            publish.stage.complete(result);
        } else {
            fail(publish, PendingPublish.toBackplaneException(error));
        }
    }

    private void removeInFlight(PendingPublish<?> publish) {
        publish.done = true;
        inFlight.remove(publish);
        BackplaneChannel channel = publish.handedOver ? null : channels.apply(publish.channel);
        if (channel != null) {
            channel.awaitingSubscription.remove(publish);
        }
    }

    /** Returns the oldest buffered publish, or {@code null} if there is none or it must wait. */
    private @Nullable PendingPublish<?> nextBuffered(long now) {
        PendingPublish<?> oldest = outageBuffer.peek();
        return connected && oldest != null && now - bufferReleaseTime >= 0 && hasRoomFor(oldest) ? oldest : null;
    }

    private void admitBuffered(long now, DeferredActions then) {
        for (PendingPublish<?> next = nextBuffered(now); next != null; next = nextBuffered(now)) {
            outageBuffer.removeFirst();
            then.add(admit(next));
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
            if (!connected && wasConnected) {
                // The connection may end before it is reported as up, and no event reports that.
                channel.interrupt();
            }
            for (PendingPublish<?> held : channel.awaitingSubscription) {
                answers.add(handOver(held));
            }
            channel.awaitingSubscription.clear();
            return answers;
        } finally {
            lock.unlock();
        }
    }

    /** Records the connection of the backplane. */
    void onConnected() {
        lock.lock();
        try {
            bufferReleaseTime = RunningTime.nanoTime() + reconnectGrace();
            connected = true;
            wasConnected = true;
        } finally {
            lock.unlock();
        }
    }

    private long reconnectGrace() {
        return cluster.outagePolicy() instanceof OutagePolicy.Buffer buffer
                ? Math.min(RECONNECT_GRACE.toNanos(), buffer.age().toNanos() / 2)
                : 0;
    }

    /** Records the disconnect of the backplane, which completes the publishes that it has accepted. */
    void onDisconnected(Collection<BackplaneChannel> all) {
        DeferredActions then = new DeferredActions();
        lock.lock();
        try {
            connected = false;
            for (BackplaneChannel channel : all) {
                if (channel.subscribed) {
                    channel.subscribed = false;
                    channel.interrupt();
                }
            }
            // The order is that of the publishes, before those that could not be held.
            List<PendingPublish<?>> unsent = new ArrayList<>(inFlight.notHandedOver());
            unsent.forEach(this::removeInFlight);
            unsent.addAll(outageBuffer.clear());
            for (PendingPublish<?> publish : unsent) {
                publish.done = false;
                then.add(applyOutagePolicy(publish));
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
            while (inFlight.first() != null && inFlight.first().admittedAt - oldest <= 0) {
                PendingPublish<?> late = inFlight.first();
                removeInFlight(late);
                then.add(() -> fail(late, late.timeoutError()));
            }
            for (PendingPublish<?> expired : outageBuffer.expire(now)) {
                then.add(() -> fail(expired, Reason.EXPIRED, "it waited too long for the backplane"));
            }
            admitBuffered(now, then);
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
            connected = false;
            List<PendingPublish<?>> unsent = new ArrayList<>(inFlight.notHandedOver());
            unsent.forEach(this::removeInFlight);
            unsent.addAll(outageBuffer.clear());
            unsent.forEach(publish -> then.add(() -> fail(publish, Reason.NOT_RUNNING, "the manager is shut down")));
        } finally {
            lock.unlock();
        }
        then.run();
    }

    List<NodeMessage.StreamPosition> publishedWithin(long nanos) {
        lock.lock();
        try {
            return positions.publishedWithin(nanos, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    List<NodeMessage.StreamPosition> publishedWithin(List<String> names, long nanos) {
        lock.lock();
        try {
            return positions.publishedWithin(names, nanos, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    long pending() {
        lock.lock();
        try {
            return inFlight.size() + (long) outageBuffer.size();
        } finally {
            lock.unlock();
        }
    }

    private void fail(PendingPublish<?> publish, Reason reason, String message) {
        fail(publish, new BackplaneException(reason, message, null));
    }

    private void fail(PendingPublish<?> publish, BackplaneException error) {
        assert RankedLock.noneHeld();
        failed.increment();
        try {
            events.error(ErrorCode.PUBLISH_FAILED, String.valueOf(error.getMessage()), null, error);
        } finally {
            publish.stage.completeExceptionally(error);
        }
    }
}
