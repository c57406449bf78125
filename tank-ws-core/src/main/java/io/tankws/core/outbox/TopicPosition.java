package io.tankws.core.outbox;

import io.tankws.Publication;
import io.tankws.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The position of one publication in the history of its topic. All outboxes share it.
 *
 * @param position position with an offset of at least 1
 */
public record TopicPosition(String topic, StreamPosition position) {
    /** Returns the position of a publication, or {@code null} if it is not kept. */
    public static @Nullable TopicPosition of(Publication publication) {
        return publication.offset() == 0 ? null : new TopicPosition(publication.topic(), publication.position());
    }

    static List<@Nullable TopicPosition> of(List<Publication> publications) {
        List<@Nullable TopicPosition> positions = new ArrayList<>(publications.size());
        publications.forEach(publication -> positions.add(of(publication)));
        return positions;
    }

    long offset() {
        return position.offset();
    }

    boolean isOfEpoch(StreamPosition other) {
        return position.epoch().equals(other.epoch());
    }

    /** Returns the position of the publication before this one. */
    StreamPosition before() {
        return new StreamPosition(position.epoch(), position.offset() - 1);
    }
}
