package io.tankws.core.routing;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.StreamPosition;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.protocol.ClientProtocol;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The histories of a manager that is no node of a cluster. Every stage is complete when it is returned. */
public final class MemoryHistories implements TopicHistories {
    private final MemoryHistory history;
    private final TopicSettings settings;
    private final ClientProtocol protocol;

    public MemoryHistories(MemoryHistory history, TopicSettings settings, ClientProtocol protocol) {
        this.history = history;
        this.settings = settings;
        this.protocol = protocol;
    }

    @Override
    public @Nullable SubscriptionStart startOf(Subscriber subscriber, String topic) {
        return settings.of(topic).hasLastValue()
                ? new MemoryStart(history, protocol, subscriber.outbox(), topic, null)
                : null;
    }

    @Override
    public SubscriptionStart startFrom(Subscriber subscriber, String topic, StreamPosition since) {
        return new MemoryStart(history, protocol, subscriber.outbox(), topic, since);
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
