package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.core.concurrent.Deadlines;
import io.tankws.core.routing.MessageRouter;
import io.tankws.spi.SharedHistoryStore;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** The parts of a node that its {@link TopicFollower}s share. */
final class FollowedTopics {
    private final SharedHistoryStore store;
    private final MessageRouter router;
    private final LossReporter losses;
    private final NodeStatus status;
    private final Deadlines deadlines;
    private final Duration timeout;
    private final StoreReads reads = new StoreReads();
    /** Followers whose last read has failed, with the time of the next one. Bounded by the number of channels. */
    private final Map<TopicFollower, Long> retries = new LinkedHashMap<>();

    FollowedTopics(
            SharedHistoryStore store,
            MessageRouter router,
            LossReporter losses,
            NodeStatus status,
            Deadlines deadlines,
            Duration timeout) {
        this.store = store;
        this.router = router;
        this.losses = losses;
        this.status = status;
        this.deadlines = deadlines;
        this.timeout = timeout;
    }

    SharedHistoryStore store() {
        return store;
    }

    MessageRouter router() {
        return router;
    }

    LossReporter losses() {
        return losses;
    }

    StoreReads reads() {
        return reads;
    }

    boolean isConnected() {
        return status.isUp();
    }

    CompletableFuture<HistoryResult> read(String topic, HistoryQuery query) {
        CompletableFuture<HistoryResult> stage = new CompletableFuture<>();
        reads.submit(() -> store.read(topic, query), (result, failure) -> {
            if (failure == null) {
                stage.complete(result);
            } else {
                stage.completeExceptionally(PendingPublish.toBackplaneException(failure));
            }
        });
        return stage;
    }

    /** Lets a stage fail when the backplane does not answer in time. Returns a stage with the reason. */
    CompletionStage<Void> bound(CompletableFuture<Void> stage) {
        return deadlines
                .bound(stage, timeout)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(toBackplaneException(failure)));
    }

    private static BackplaneException toBackplaneException(Throwable failure) {
        return failure instanceof TimeoutException
                ? new BackplaneException(
                        BackplaneException.Reason.UNREACHABLE, "the backplane did not subscribe in time", null)
                : PendingPublish.toBackplaneException(failure);
    }

    synchronized void retryLater(TopicFollower follower, long delay) {
        retries.put(follower, RunningTime.nanoTime() + delay);
    }

    synchronized boolean isRetrying(TopicFollower follower) {
        return retries.remove(follower) != null;
    }

    /** Continues the reads that have failed, while the backplane is available. */
    void check(long now) {
        if (isConnected()) {
            due(now).forEach(TopicFollower::readAgain);
        }
    }

    private synchronized List<TopicFollower> due(long now) {
        List<TopicFollower> due = new ArrayList<>();
        Iterator<Map.Entry<TopicFollower, Long>> all = retries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<TopicFollower, Long> next = all.next();
            if (next.getValue() - now <= 0) {
                all.remove();
                due.add(next.getKey());
            }
        }
        return due;
    }

    void close() {
        reads.close();
    }
}
