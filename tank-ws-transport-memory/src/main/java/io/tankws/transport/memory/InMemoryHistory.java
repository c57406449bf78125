package io.tankws.transport.memory;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.HistoryStore;
import io.tankws.spi.SharedHistoryStore;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The history of one node, which is that of its {@link InMemoryHub}. */
final class InMemoryHistory implements SharedHistoryStore {
    private final InMemoryBackplane backplane;

    InMemoryHistory(InMemoryBackplane backplane) {
        this.backplane = backplane;
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication,
            TopicOptions topicOptions,
            PublishOptions options,
            String channel,
            byte[] envelope) {
        Objects.requireNonNull(publication, "publication");
        Objects.requireNonNull(channel, "channel");
        if (!channel.equals(backplane.channelOf(publication.topic()))) {
            throw new IllegalArgumentException("the channel must be that of the topic, but was another one");
        }
        if (envelope.length > MAX_ENVELOPE_BYTES) {
            throw new IllegalArgumentException(
                    "envelope must have at most " + MAX_ENVELOPE_BYTES + " bytes, but had " + envelope.length);
        }
        return append(publication, topicOptions, options, new Delivery(channel, envelope));
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication, TopicOptions topicOptions, PublishOptions options) {
        return append(publication, topicOptions, options, null);
    }

    private CompletionStage<AppendResult> append(
            Publication publication, TopicOptions topicOptions, PublishOptions options, @Nullable Delivery delivery) {
        Objects.requireNonNull(publication, "publication");
        Objects.requireNonNull(topicOptions, "topicOptions");
        Objects.requireNonNull(options, "options");
        return backplane.answerLater(
                hub -> hub.append(backplane, store -> store.append(publication, topicOptions, options), delivery));
    }

    /**
     * The way of a publication to the subscribers.
     *
     * @param channel the channel of the topic
     * @param envelope the bytes that travel with the publication
     */
    record Delivery(String channel, byte[] envelope) {}

    @Override
    public CompletionStage<HistoryResult> read(String topic, HistoryQuery query) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(query, "query");
        return ask(store -> store.read(topic, query));
    }

    @Override
    public CompletionStage<StreamPosition> top(String topic) {
        Objects.requireNonNull(topic, "topic");
        return ask(store -> store.top(topic));
    }

    @Override
    public CompletionStage<Void> remove(String topic) {
        Objects.requireNonNull(topic, "topic");
        return ask(store -> store.remove(topic));
    }

    private <T> CompletionStage<T> ask(Function<HistoryStore, CompletionStage<T>> request) {
        return backplane.answerLater(hub -> hub.askHistory(backplane, request));
    }

    @Override
    public void close() {
        // The backplane closes the store.
    }
}
