package io.tankws;

/**
 * The answer to a {@link HistoryQuery}: a page, or the reason why the position of the query has no meaning in this
 * stream.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface HistoryResult permits HistoryPage, UnknownPosition {
    /** {@return the position of the newest publication of the topic, kept or not; offset 0 if there is none} */
    StreamPosition top();

    /**
     * Returns the page.
     *
     * @return the page
     * @throws UnknownPositionException if the position of the query is unknown
     */
    HistoryPage page();
}
