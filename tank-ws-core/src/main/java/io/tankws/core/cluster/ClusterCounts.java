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

    private static final long RENEWAL_INTERVAL = Duration.ofSeconds(5).toNanos();
    private static final long CHECK_INTERVAL = Duration.ofSeconds(1).toNanos();
    /** Name of the count of all clients. No topic has this name. */
    private static final String CLIENTS = "";

    private final Backplane backplane;
    private final EventDispatcher events;
    private final IntSupplier clients;
    private final TopicIndex topics;
    private final Deadlines deadlines;
    private final Duration timeout;
    private final Executor users;
    /** Called after each lease. */
    private final Runnable leased;

    private Map<String, Long> lastCounts = Map.of();
    private long checkedAt;
    private long publishedAt;
    private volatile boolean refused;
    private CompletionStage<Void> publishing = CompletableFuture.completedStage(null);

    ClusterCounts(Backplane backplane, NodeContext context, Duration timeout, Executor users, Runnable leased) {
        this.leased = leased;
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
        checkedAt = System.nanoTime() - CHECK_INTERVAL;
        publishedAt = System.nanoTime() - RENEWAL_INTERVAL;
    }

    /** Publishes the counts. Called by one thread while the backplane is connected. */
    void check(long now) {
        CompletionStage<Void> stage = publishChanges(now);
        if (stage != null) {
            // Runs without the lock, because a failed stage reports at once.
            stage.whenComplete((nothing, error) -> {
                leased.run();
                reportRefusal(error);
            });
        }
    }

    /** Returns the counts to publish, or {@code null} if nothing has changed. */
    private synchronized @Nullable CompletionStage<Void> publishChanges(long now) {
        if (now - checkedAt < CHECK_INTERVAL
                || !publishing.toCompletableFuture().isDone()) {
            return null;
        }
        checkedAt = now;
        Map<String, Long> counts = new HashMap<>();
        topics.sizes().forEach((topic, size) -> counts.put(topic, (long) size));
        counts.put(CLIENTS, (long) clients.getAsInt());
        if (now - publishedAt >= RENEWAL_INTERVAL || !counts.equals(lastCounts)) {
            publishedAt = now;
            lastCounts = counts;
            publishing = backplane.publishCounts(counts, LEASE);
            return publishing;
        }
        return null;
    }

    /** Reports a refusal of the backplane. Otherwise only the other nodes would notice, by counts that are too low. */
    private void reportRefusal(@Nullable Throwable error) {
        BackplaneException failure = error == null ? null : PendingPublish.toBackplaneException(error);
        if (failure == null || failure.reason() != BackplaneException.Reason.REFUSED) {
            refused = false;
            return;
        }
        if (!refused) {
            events.error(
                    ErrorCode.BACKPLANE_FAILED,
                    "the backplane refuses the counts of this node: " + failure.getMessage(),
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

    private CompletionStage<Long> sum(String name, IntSupplier local) {
        CallbackStage<Long> sum = new CallbackStage<>(users);
        deadlines
                .bound(backplane.sumAcrossOtherNodes(name).toCompletableFuture().copy(), timeout)
                .whenComplete((others, error) -> {
                    if (error == null) {
                        sum.complete(LossReporter.plus(others, local.getAsInt()));
                    } else {
                        sum.completeExceptionally(toBackplaneException(error));
                    }
                });
        return sum;
    }

    private static BackplaneException toBackplaneException(Throwable error) {
        return error instanceof TimeoutException
                ? new BackplaneException(
                        BackplaneException.Reason.UNCERTAIN, "the backplane did not answer in time", error)
                : PendingPublish.toBackplaneException(error);
    }
}
