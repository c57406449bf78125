package io.tankws.core.routing;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.StreamPosition;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The publications of one topic on this node, and the shared history from which it reads earlier ones. */
public interface StartSource {
    /**
     * Returns the position of the last publication that has entered the topic on this node, or {@code null} before the
     * node follows the topic. It changes under the lock of the topic.
     */
    @Nullable
    StreamPosition entered();

    /**
     * Returns the position that precedes the first publication that entered the topic on this node, or {@code null}
     * before the node follows the topic.
     */
    @Nullable
    StreamPosition first();

    /** Returns a stage that completes when the node follows the topic, or fails if it cannot. */
    CompletionStage<Void> following();

    /** Reads the shared history. */
    CompletionStage<HistoryResult> read(HistoryQuery query);

    /** Lets every publication enter that the shared history has by now. The stage completes in any case. */
    CompletionStage<Void> catchUp();
}
