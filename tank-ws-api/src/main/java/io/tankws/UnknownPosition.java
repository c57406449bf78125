package io.tankws;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link HistoryQuery} with a position that has no meaning in the stream of the topic. A subscriber
 * with such a position must load its state again, and continue from {@link #top()}.
 *
 * @param reason the reason why the position has no meaning
 * @param top the position of the newest publication of the topic
 */
public record UnknownPosition(Reason reason, StreamPosition top) implements HistoryResult {
    /** The reasons why a position has no meaning. */
    public enum Reason {
        /** The epoch is that of another life of the stream, so its offsets meant other publications. */
        OTHER_EPOCH,
        /** The offset is larger than that of the newest publication, so the stream has lost its end. */
        BEYOND_TOP
    }

    /**
     * Creates the answer.
     *
     * @param reason not {@code null}
     * @param top not {@code null}
     */
    public UnknownPosition {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(top, "top");
    }

    /**
     * Compares the position of a query with the stream. For history stores.
     *
     * @param query the query
     * @param top the position of the newest publication of the topic
     * @return empty if the position has a meaning in the stream, or the query has none
     */
    public static Optional<UnknownPosition> check(HistoryQuery query, StreamPosition top) {
        return query.since().flatMap(since -> check(since, top));
    }

    private static Optional<UnknownPosition> check(StreamPosition since, StreamPosition top) {
        if (since.hasKnownEpoch() && !since.epoch().equals(top.epoch())) {
            return Optional.of(new UnknownPosition(Reason.OTHER_EPOCH, top));
        }
        return since.offset() > top.offset()
                ? Optional.of(new UnknownPosition(Reason.BEYOND_TOP, top))
                : Optional.empty();
    }

    @Override
    public HistoryPage page() {
        throw new UnknownPositionException(this);
    }

    // Java 17 keeps the class of the last record whose generated equals was linked, as in CloseStatus.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UnknownPosition unknown && reason == unknown.reason && top.equals(unknown.top);
    }

    @Override
    public int hashCode() {
        return 31 * reason.hashCode() + top.hashCode();
    }
}
