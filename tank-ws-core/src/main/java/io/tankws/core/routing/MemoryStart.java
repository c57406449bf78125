package io.tankws.core.routing;

import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The start of a subscription from a history in memory, or of one to a topic without a history. It reads the history
 * under the lock of the topic.
 */
public final class MemoryStart extends SubscriptionStart {
    /** History, or {@code null} if the topic has none. */
    private final @Nullable MemoryHistory history;
    /** Check of positions, or {@code null} if the topic has no history. */
    private final @Nullable PositionCheck check;

    /** Creates the start of a subscription to a topic without a history. */
    public MemoryStart(FirstMessages first) {
        this(null, null, first);
    }

    /**
     * Creates a start.
     *
     * @param history history, or {@code null} if the topic has none
     * @param check check of positions, or {@code null} if the topic has no history
     */
    MemoryStart(@Nullable MemoryHistory history, @Nullable PositionCheck check, FirstMessages first) {
        super(first);
        this.history = history;
        this.check = check;
    }

    @Override
    boolean isFollowing() {
        return false;
    }

    @Override
    boolean begin() {
        String topic = first.request().topic();
        StreamPosition since = first.since();
        if (history == null || !first.options().hasHistory()) {
            first.queue(StreamPosition.NONE, false, List.of());
        } else if (since != null) {
            HistoryQuery query = HistoryQuery.builder()
                    .since(since)
                    .limit(first.outbox().room())
                    .build();
            HistoryResult result = history.read(topic, query);
            boolean isAll = result instanceof HistoryPage page && page.isComplete() && !page.hasMore();
            first.queue(result.top(), isAll, isAll ? result.page().publications() : List.of());
        } else if (first.hasLastValue()) {
            HistoryPage page = history.read(
                            topic, HistoryQuery.builder().reverse().limit(1).build())
                    .page();
            first.queue(page.top(), false, page.isComplete() ? page.publications() : List.of());
        } else {
            first.queue(history.top(topic), false, List.of());
        }
        return true;
    }

    @Override
    @Nullable
    StreamPosition positionInMemory() {
        return history == null || !first.options().hasHistory() ? null : first.position();
    }

    @Override
    boolean hold(MessageBatch batch, @Nullable Outbox excluded) {
        throw new IllegalStateException("a start that has ended holds no messages");
    }

    @Override
    public CompletionStage<Recovery> proceed(TopicSubscription subscription) {
        first.outbox().flush();
        if (check != null) {
            check.endInterrupted(subscription.topic);
        }
        return CompletableFuture.completedStage(first.recovery(subscription));
    }
}
