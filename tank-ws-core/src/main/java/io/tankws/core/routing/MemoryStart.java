package io.tankws.core.routing;

import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.protocol.ClientProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The start of a subscription from a history in memory. It reads the history under the lock of the topic. */
final class MemoryStart extends SubscriptionStart {
    private final MemoryHistory history;
    private final ClientProtocol protocol;
    private final Outbox outbox;
    private final String topic;
    /** Position to continue from, or {@code null} to send the last value. */
    private final @Nullable StreamPosition since;

    private StreamPosition position = StreamPosition.NONE;
    private boolean complete;
    private int publications;

    /**
     * Creates a start.
     *
     * @param since position to continue from, or {@code null} to send the last value
     */
    MemoryStart(
            MemoryHistory history,
            ClientProtocol protocol,
            Outbox outbox,
            String topic,
            @Nullable StreamPosition since) {
        this.history = history;
        this.protocol = protocol;
        this.outbox = outbox;
        this.topic = topic;
        this.since = since;
    }

    @Override
    boolean begin() {
        HistoryQuery query = since == null
                ? HistoryQuery.builder().reverse().limit(1).build()
                : HistoryQuery.builder().since(since).limit(outbox.room()).build();
        HistoryResult result = history.read(topic, query);
        position = result.top();
        // A page of the newest publication has more if there are older ones, which do not matter.
        if (result instanceof HistoryPage page && page.isComplete() && (since == null || !page.hasMore())) {
            complete = queue(page.publications());
        }
        return true;
    }

    private boolean queue(List<Publication> missed) {
        List<Message> messages = new ArrayList<>(missed.size());
        for (Publication publication : missed) {
            Message message = protocol.envelope(topic, publication.payload());
            if (message == null) {
                return false;
            }
            messages.add(message);
        }
        boolean queued = messages.isEmpty() || outbox.offerAll(MessageBatch.of(messages));
        publications = queued ? messages.size() : 0;
        return queued;
    }

    @Override
    boolean hold(MessageBatch batch, @Nullable Outbox excluded) {
        throw new IllegalStateException("a start that has ended holds no messages");
    }

    @Override
    public CompletionStage<Recovery> proceed(TopicSubscription subscription) {
        outbox.flush();
        return CompletableFuture.completedStage(new Recovery(subscription, position, complete, publications));
    }
}
