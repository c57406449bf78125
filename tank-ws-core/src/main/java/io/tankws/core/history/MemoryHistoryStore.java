package io.tankws.core.history;

import io.tankws.BackplaneException;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.HistoryStore;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A {@link HistoryStore} over a {@link MemoryHistory}. Each stage that it returns is already complete. */
public final class MemoryHistoryStore implements HistoryStore {
    private final MemoryHistory history;
    private volatile boolean closed;

    public MemoryHistoryStore(MemoryHistory history) {
        this.history = history;
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication, TopicOptions topicOptions, PublishOptions options) {
        Objects.requireNonNull(publication, "publication");
        Objects.requireNonNull(topicOptions, "topicOptions");
        Objects.requireNonNull(options, "options");
        return complete(() -> history.append(publication, topicOptions, options));
    }

    @Override
    public CompletionStage<HistoryResult> read(String topic, HistoryQuery query) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(query, "query");
        return complete(() -> history.read(topic, query));
    }

    @Override
    public CompletionStage<StreamPosition> top(String topic) {
        Objects.requireNonNull(topic, "topic");
        return complete(() -> history.top(topic));
    }

    @Override
    public CompletionStage<Void> remove(String topic) {
        Objects.requireNonNull(topic, "topic");
        return complete(() -> {
            history.remove(topic);
            return null;
        });
    }

    private <T> CompletionStage<T> complete(Supplier<T> call) {
        if (closed) {
            return CompletableFuture.failedStage(
                    new BackplaneException(BackplaneException.Reason.NOT_RUNNING, "the history is closed", null));
        }
        return CompletableFuture.completedStage(call.get());
    }

    @Override
    public void close() {
        closed = true;
        history.clear();
    }
}
