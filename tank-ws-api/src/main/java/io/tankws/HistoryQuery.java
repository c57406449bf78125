package io.tankws;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question to the history of one topic. Immutable and thread-safe.
 *
 * <p>A forward query returns publications with ascending offsets, beginning with the one after {@link #since()}, or
 * with offset 1 if there is no such position. A reverse query returns publications with descending offsets, beginning
 * with the one before {@link #since()}, or with the newest.
 */
public final class HistoryQuery {
    private static final HistoryQuery TOP = builder().limit(0).build();

    /** The position that the answer continues from, or {@code null} if there is none. */
    private final @Nullable StreamPosition since;

    private final int limit;
    private final boolean reverse;

    private HistoryQuery(Builder builder) {
        since = builder.since;
        limit = builder.limit;
        reverse = builder.reverse;
        if (limit < 0) {
            throw new IllegalArgumentException("limit must be 0 or more, but was " + limit);
        }
        if (reverse && since != null && since.offset() == 0) {
            throw new IllegalArgumentException("the offset of since must be at least 1 in a reverse query, but was 0");
        }
    }

    /** {@return a query for the position of the newest publication, without publications} */
    public static HistoryQuery top() {
        return TOP;
    }

    /**
     * Returns a query for everything that a client missed.
     *
     * @param position the position of the last publication that the client has
     * @return a forward query without a limit
     */
    public static HistoryQuery since(StreamPosition position) {
        return builder().since(position).build();
    }

    /** {@return a builder of a forward query without a position and without a limit} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the position that the answer continues from, exclusive; empty if there is none} */
    public Optional<StreamPosition> since() {
        return Optional.ofNullable(since);
    }

    /** {@return the maximum number of publications in the answer; 0 asks only for the top position} */
    public int limit() {
        return limit;
    }

    /** {@return whether the answer has descending offsets} */
    public boolean isReverse() {
        return reverse;
    }

    /**
     * Returns the offset that the answer begins with if that publication is kept.
     *
     * @param top the offset of the newest publication of the topic
     * @return 0 if nothing precedes {@link #since()}; one more than {@code top} if nothing follows it
     */
    public long firstOffset(long top) {
        if (reverse) {
            return since == null ? top : since.offset() - 1;
        }
        return since == null ? 1 : since.offset() + 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HistoryQuery query
                && limit == query.limit
                && reverse == query.reverse
                && Objects.equals(since, query.since);
    }

    @Override
    public int hashCode() {
        return Objects.hash(since, limit, reverse);
    }

    /** Returns all parts of the query. */
    @Override
    public String toString() {
        return "HistoryQuery[since=" + since + ", limit=" + limit + ", reverse=" + reverse + "]";
    }

    /** Collects the parts of a query. Not thread-safe. */
    public static final class Builder {
        private @Nullable StreamPosition since;
        private int limit = Limits.UNLIMITED;
        private boolean reverse;

        private Builder() {}

        /**
         * Configures the position that the answer continues from. The publication at this position is not part of the
         * answer. By default a forward query begins with the oldest publication, a reverse query with the newest.
         *
         * @param position any position; one of an unknown epoch fits every epoch
         * @return this
         */
        public Builder since(StreamPosition position) {
            since = Objects.requireNonNull(position, "position");
            return this;
        }

        /**
         * Configures the maximum number of publications in the answer. The default is {@link Limits#UNLIMITED}: all
         * publications that the topic keeps.
         *
         * @param publications 0 or more; 0 asks only for the top position
         * @return this
         */
        public Builder limit(int publications) {
            limit = publications;
            return this;
        }

        /**
         * Configures descending offsets. By default offsets ascend.
         *
         * @return this
         */
        public Builder reverse() {
            reverse = true;
            return this;
        }

        /**
         * Creates the query.
         *
         * @return an immutable query
         * @throws IllegalArgumentException if the limit is negative, or a reverse query is to continue from offset 0
         */
        public HistoryQuery build() {
            return new HistoryQuery(this);
        }
    }
}
