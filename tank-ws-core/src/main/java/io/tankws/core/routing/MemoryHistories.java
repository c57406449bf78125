package io.tankws.core.routing;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.TopicOptions;
import io.tankws.core.history.MemoryHistory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The histories of a manager that is no node of a cluster. Every stage is complete when it is returned. */
public final class MemoryHistories implements TopicHistories {
    private final MemoryHistory history;
    private final PositionCheck check;

    public MemoryHistories(MemoryHistory history, PositionCheck check) {
        this.history = history;
        this.check = check;
    }

    @Override
    public boolean needsStart(TopicOptions options) {
        return options.hasLastValue();
    }

    @Override
    public SubscriptionStart start(Subscriber subscriber, FirstMessages first) {
        return new MemoryStart(history, check, first);
    }

    @Override
    public CompletionStage<HistoryResult> readMissed(String topic, HistoryQuery query) {
        return read(topic, query);
    }

    @Override
    public CompletionStage<HistoryResult> read(String topic, HistoryQuery query) {
        return CompletableFuture.completedStage(history.read(topic, query));
    }

    @Override
    public CompletionStage<Void> remove(String topic) {
        history.remove(topic);
        return CompletableFuture.completedStage(null);
    }
}
