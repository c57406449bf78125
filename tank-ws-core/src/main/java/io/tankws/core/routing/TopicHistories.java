package io.tankws.core.routing;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.StreamPosition;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The histories of all topics: in the memory of this process, or shared by the nodes of a cluster. */
public interface TopicHistories {
    /**
     * Returns the start of a subscription without a position, or {@code null} if it begins with the next message. May
     * call the topic configurer, so the caller must hold no lock.
     */
    @Nullable
    SubscriptionStart startOf(Subscriber subscriber, String topic);

    /** Returns the start of a subscription that continues from a position, on a recoverable topic. */
    SubscriptionStart startFrom(Subscriber subscriber, String topic, StreamPosition since);

    /** Reads the history of a topic that has one. */
    CompletionStage<HistoryResult> read(String topic, HistoryQuery query);

    /** Removes the publications of a topic; epoch and top stay. */
    CompletionStage<Void> remove(String topic);
}
