package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.ManagerLimits;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.history.MemoryHistory;
import io.tankws.spi.AppendResult;
import io.tankws.spi.SharedHistoryStore;
import io.tankws.spi.support.RunningTime;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A history in memory whose reads end when the test ends them. It publishes nothing. */
final class FakeSharedHistory implements SharedHistoryStore {
    private static final TopicOptions OPTIONS =
            TopicOptions.builder().historySize(2_000).recoverable().build();

    MemoryHistory history = new MemoryHistory(ManagerLimits.defaults(), RunningTime::nanoTime);
    /** True if reads end at once. */
    boolean readsAtOnce = true;

    boolean failing;
    int reads;
    private final Queue<Runnable> pending = new ArrayDeque<>();

    /** Appends a publication and returns it with its position. */
    Publication append(String topic, String text) {
        return append(topic, text, OPTIONS);
    }

    Publication append(String topic, String text, TopicOptions options) {
        Publication publication =
                Publication.builder(topic, io.tankws.Payload.text(text)).build();
        return ((AppendResult.Appended) history.append(publication, options, PublishOptions.defaults())).publication();
    }

    /** Ends the oldest pending read with what the history has now. */
    void endRead() {
        pending.remove().run();
    }

    private <T> CompletionStage<T> answer(Supplier<T> read) {
        reads++;
        CompletableFuture<T> stage = new CompletableFuture<>();
        Runnable end = () -> {
            if (failing) {
                stage.completeExceptionally(
                        new BackplaneException(BackplaneException.Reason.UNCERTAIN, "of this test", null));
            } else {
                stage.complete(read.get());
            }
        };
        if (readsAtOnce) {
            end.run();
        } else {
            pending.add(end);
        }
        return stage;
    }

    @Override
    public CompletionStage<HistoryResult> read(String topic, HistoryQuery query) {
        return answer(() -> history.read(topic, query));
    }

    @Override
    public CompletionStage<StreamPosition> top(String topic) {
        return answer(() -> history.top(topic));
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication, TopicOptions topicOptions, PublishOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication,
            TopicOptions topicOptions,
            PublishOptions options,
            String channel,
            byte[] envelope) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> remove(String topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
