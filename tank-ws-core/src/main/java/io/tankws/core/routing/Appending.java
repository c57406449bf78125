package io.tankws.core.routing;

import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.spi.AppendResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The append of one publication to the history of its topic. It runs once, under the lock of the topic. */
final class Appending implements MessageBatch.Entry {
    private final MemoryHistory history;
    private final Publication publication;
    private final TopicOptions topicOptions;
    private final PublishOptions options;

    /** Result, or {@code null} before the append. */
    private @Nullable AppendResult result;

    Appending(MemoryHistory history, Publication publication, TopicOptions topicOptions, PublishOptions options) {
        this.history = history;
        this.publication = publication;
        this.topicOptions = topicOptions;
        this.options = options;
    }

    /** Appends the publication. Returns {@code false} if it repeats an earlier one and must not be delivered. */
    @Override
    public boolean enter() {
        AppendResult appended = history.append(publication, topicOptions, options);
        result = appended;
        return appended instanceof AppendResult.Appended;
    }

    @Override
    public List<Publication> publications() {
        return List.of(result instanceof AppendResult.Appended appended ? appended.publication() : publication);
    }

    @Override
    public @Nullable StreamPosition positionInMemory() {
        StreamPosition position = position();
        return position == null || position.offset() == 0 ? null : position;
    }

    /** Returns the position, or {@code null} before the append. */
    @Nullable
    StreamPosition position() {
        AppendResult appended = result;
        return appended == null ? null : appended.position();
    }
}
