package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.ErrorCode;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.core.concurrent.Deadlines;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.routing.TopicIndex;
import io.tankws.spi.Backplane;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The counts of a cluster. It publishes those of this node and asks for those of the other nodes. */
final class ClusterCounts {
    /** Time for which the counts of a killed node stay. */
    private static final Duration LEASE = Duration.ofSeconds(20);

    private static final long RENEWAL = Duration.ofSeconds(5).toNanos();
    private static final long CHANGE = Duration.ofSeconds(1).toNanos();
    /** Name of the count of all clients. No topic has this name. */
    private static final String CLIENTS = "";

    private final Backplane backplane;
    private final EventDispatcher events;
    private final IntSupplier clients;
    private final TopicIndex topics;
    private final Deadlines deadlines;
    private final Duration timeout;
    private final Executor users;
    private Map<String, Long> left = Map.of();
    private long lookedAt;
    private long leftAt;
    private volatile boolean refused;
    private CompletionStage<Void> underWay = CompletableFuture.completedStage(null);

    ClusterCounts(Backplane backplane, NodeContext context, Duration timeout, Executor users) {
        this.backplane = backplane;
        events = context.events();
        deadlines = context.deadlines();
        clients = context.clientCount();
        topics = context.topics();
        this.timeout = timeout;
        this.users = users;
        reset();
    }

    /** Handles a reconnection of the backplane, which may have lost the counts. */
    synchronized void reset() {
        lookedAt = System.nanoTime() - CHANGE;
        leftAt = System.nanoTime() - RENEWAL;
    }

    /** Publishes the counts. Called by one thread while the backplane is connected. */
    void check(long now) {
        CompletionStage<Void> begun = lease(now);
        if (begun != null) {
            // Runs without the lock, because a failed stage reports at once.
            begun.whenComplete((nothing, error) -> leftOrNot(error));
        }
    }

    /** Returns the counts to publish, or {@code null} if nothing has changed. */
    private synchronized @Nullable CompletionStage<Void> lease(long now) {
        if (now - lookedAt < CHANGE || !underWay.toCompletableFuture().isDone()) {
            return null;
        }
        lookedAt = now;
        Map<String, Long> figures = new HashMap<>();
        topics.sizes().forEach((topic, size) -> figures.put(topic, (long) size));
        figures.put(CLIENTS, (long) clients.getAsInt());
        if (now - leftAt >= RENEWAL || !figures.equals(left)) {
            leftAt = now;
            left = figures;
            underWay = backplane.publishCounts(figures, LEASE);
            return underWay;
        }
        return null;
    }

    /** Reports a refusal of the backplane. Otherwise only the other nodes would notice, by counts that are too low. */
    private void leftOrNot(@Nullable Throwable error) {
        BackplaneException failure = error == null ? null : PendingPublish.named(error);
        if (failure == null || failure.reason() != BackplaneException.Reason.REFUSED) {
            refused = false;
            return;
        }
        if (!refused) {
            events.error(
                    ErrorCode.BACKPLANE_FAILED,
                    "the backplane refuses this node's figures: " + failure.getMessage(),
                    null,
                    error);
        }
        refused = true;
    }

    CompletionStage<Long> clients() {
        return sum(CLIENTS, clients);
    }

    CompletionStage<Long> subscribers(String topic) {
        return sum(topic, () -> topics.subscriberCount(topic));
    }

    private CompletionStage<Long> sum(String figure, IntSupplier ours) {
        CallbackStage<Long> sum = new CallbackStage<>(users);
        deadlines
                .bound(
                        backplane
                                .sumAcrossOtherNodes(figure)
                                .toCompletableFuture()
                                .copy(),
                        timeout)
                .whenComplete((others, error) -> {
                    if (error == null) {
                        sum.complete(LossReporter.plus(others, ours.getAsInt()));
                    } else {
                        sum.completeExceptionally(named(error));
                    }
                });
        return sum;
    }

    private static BackplaneException named(Throwable error) {
        return error instanceof TimeoutException
                ? new BackplaneException(
                        BackplaneException.Reason.UNCERTAIN, "the backplane did not answer in time", error)
                : PendingPublish.named(error);
    }
}
