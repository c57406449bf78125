package io.tankws.core.routing;

import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.StreamPosition;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.protocol.ClientProtocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first messages of a subscription: what the client has missed, or the last value of the topic. It runs under the
 * lock of the topic, so that nothing is missed or sent twice between these messages and the first live one.
 */
public final class SubscriptionStart {
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
    public SubscriptionStart(
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

    /** Queues the messages. A flush of the outbox must follow, without a lock. */
    void run() {
        HistoryQuery query = since == null
                ? HistoryQuery.builder().reverse().limit(1).build()
                : HistoryQuery.builder().since(since).limit(outbox.room()).build();
        HistoryResult result = history.read(topic, query);
        position = result.top();
        // A page of the newest publication has more if there are older ones, which do not matter.
        if (result instanceof HistoryPage page && page.isComplete() && (since == null || !page.hasMore())) {
            complete = queue(page.publications());
        }
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

    /** Returns the position of the newest publication at the time of the subscription. */
    public StreamPosition position() {
        return position;
    }

    /** Returns whether all messages were queued. */
    public boolean isComplete() {
        return complete;
    }

    /** Returns the number of messages that were queued. */
    public int publications() {
        return publications;
    }
}
