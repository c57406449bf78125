package io.tankws;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Publications of one topic that answer a {@link HistoryQuery}. Immutable and thread-safe.
 *
 * <p>A subscriber has recovered everything if the page {@linkplain #isComplete() is complete} and has
 * {@linkplain #hasMore() no more}. It has then missed nothing up to {@link #top()}.
 */
public final class HistoryPage implements HistoryResult {
    private final List<Publication> publications;
    private final StreamPosition top;
    private final boolean complete;
    private final boolean more;

    private HistoryPage(List<Publication> publications, StreamPosition top, boolean complete, boolean more) {
        this.publications = publications;
        this.top = top;
        this.complete = complete;
        this.more = more;
    }

    /**
     * Creates a page. For history stores.
     *
     * @param query the query that the page answers; its position is known, see {@link UnknownPosition#check}
     * @param top the position of the newest publication of the topic
     * @param oldest the offset of the oldest publication that the topic keeps; {@code top.offset() + 1} if it keeps
     *     none. The topic keeps all publications from there to the top
     * @param publications the publications in the order of the query; copied unless immutable
     * @return the page
     */
    public static HistoryPage of(HistoryQuery query, StreamPosition top, long oldest, List<Publication> publications) {
        List<Publication> copy = List.copyOf(publications);
        long first = query.firstOffset(top.offset());
        boolean complete = first == 0 || oldest <= first;
        boolean more = query.isReverse()
                ? first - copy.size() >= oldest
                : Math.max(first, oldest) + copy.size() <= top.offset();
        return new HistoryPage(copy, top, complete, more);
    }

    /** {@return the publications with consecutive offsets, in the order of the query; immutable} */
    public List<Publication> publications() {
        return publications;
    }

    @Override
    public StreamPosition top() {
        return top;
    }

    /**
     * Returns whether the page continues from the position of the query without a gap. A query without a position
     * continues from the first publication of the topic, or from the newest if it is a reverse query.
     *
     * @return {@code false} if publications that belong before those of the page are no longer kept
     */
    public boolean isComplete() {
        return complete;
    }

    /**
     * Returns whether the limit of the query has left out publications.
     *
     * @return {@code true} if the topic keeps publications that follow those of the page in the order of the query
     */
    public boolean hasMore() {
        return more;
    }

    @Override
    public HistoryPage page() {
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HistoryPage page
                && complete == page.complete
                && more == page.more
                && top.equals(page.top)
                && publications.equals(page.publications);
    }

    @Override
    public int hashCode() {
        return Objects.hash(publications, top, complete, more);
    }

    /** Returns the number of publications, the top and both properties. */
    @Override
    public String toString() {
        return "HistoryPage[" + publications.size() + " publications, top=" + top + ", complete=" + complete + ", more="
                + more + "]";
    }
}
