package io.tankws.core.routing;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.TopicOptions;
import java.util.concurrent.CompletionStage;

/** The histories of all topics: in the memory of this process, or shared by the nodes of a cluster. */
public interface TopicHistories {
    /** Returns whether a subscription without a position needs a start, if its client gets no reply. */
    boolean needsStart(TopicOptions options);

    /** Returns the start of a subscription. */
    SubscriptionStart start(Subscriber subscriber, FirstMessages first);

    /**
     * Reads the history of a topic that has one, for a client that is behind. Actions that depend on the stage must not
     * block.
     */
    CompletionStage<HistoryResult> readMissed(String topic, HistoryQuery query);

    /** Reads the history of a topic that has one. */
    CompletionStage<HistoryResult> read(String topic, HistoryQuery query);

    /** Removes the publications of a topic; epoch and top stay. */
    CompletionStage<Void> remove(String topic);
}
