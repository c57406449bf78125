package io.tankws.spi;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A store of the publications of topics with history. Each topic has one stream with an epoch, a top offset, and the
 * newest publications.
 *
 * <p><b>Offsets.</b> The publications of a topic get the offsets 1, 2, 3, … up to {@link StreamPosition#MAX_OFFSET},
 * in the order in which they are appended. A publication that is not kept consumes no offset. The kept publications
 * always have consecutive offsets and end at the top, or there are none.
 *
 * <p><b>Removal.</b> Publications are removed from the front when the stream exceeds
 * {@link TopicOptions#historySize()} or {@link TopicOptions#historyBytes()}. They are all removed when
 * {@link TopicOptions#historyTtl()} has passed since the last one, and by {@link #remove}. Epoch and top stay, so a
 * subscriber at the top still recovers.
 *
 * <p><b>End of a stream.</b> A stream ends when no caller has appended to it or read it for the metadata time-to-live,
 * {@link io.tankws.ManagerLimits#historyMetadataTtl()}, and when the store evicts it to keep its bounds. The stream
 * that was used least recently is evicted first. The topic then has a new epoch and offset 0. An epoch of a topic never
 * occurs a second time, also after a restart of the process or a loss of the store's data.
 *
 * <p><b>Topics without a stream.</b> Reading the top of such a topic returns the epoch that its stream will have, and
 * offset 0. This claims no memory that grows with the number of topics, because strangers may choose their names. An
 * eviction, or the first publication of another topic, may replace the epochs of some topics that have offset 0.
 *
 * <p><b>Idempotency.</b> The store remembers the position of each publication with an idempotency key for
 * {@link #IDEMPOTENCY_LIFETIME}, also if the publication was not kept, its stream has ended, or the topic has no
 * history. It forgets the oldest keys earlier when it reaches {@link io.tankws.ManagerLimits#maxIdempotencyKeys()}.
 *
 * <p>All methods are safe for use by several threads, and none blocks except {@link #close}. Publications that one
 * thread appends to a topic, or several threads under a common lock, are appended in that order. No method calls code
 * of the caller, except the dependent actions of the stage that it returns. A failed stage has an
 * {@link io.tankws.BackplaneException}, whose reason says whether the publication may have been appended. After
 * {@link #close} its reason is {@code NOT_RUNNING}.
 *
 * <p>Implemented by backplanes, and by the core for histories in memory.
 */
public interface HistoryStore extends AutoCloseable {
    /** The time for which a store remembers an idempotency key. */
    Duration IDEMPOTENCY_LIFETIME = Duration.ofMinutes(5);

    /**
     * Appends a publication to the stream of its topic, unless it repeats an earlier one. If the topic has no
     * history, or the options say that the publication is not kept, the store only compares the idempotency key.
     *
     * @param publication a publication without a position
     * @param topicOptions the options of the topic
     * @param options the options of the call; the store reads the idempotency key and {@link PublishOptions#isKept}
     * @return a stage with {@link AppendResult.Appended}, or {@link AppendResult.Repeated} for a known idempotency key
     */
    CompletionStage<AppendResult> append(Publication publication, TopicOptions topicOptions, PublishOptions options);

    /**
     * Reads publications of a topic. The cost grows with the number of publications that are returned, not with the
     * number that are kept. The last value of a topic is the answer to a reverse query with limit 1: if the page is
     * complete, the publication is the newest of the topic, and otherwise the newest is no longer kept.
     *
     * @param topic the topic
     * @param query the query
     * @return a stage with a page, or with an {@link io.tankws.UnknownPosition} if the position of the query is of
     *     another epoch or beyond the top
     */
    CompletionStage<HistoryResult> read(String topic, HistoryQuery query);

    /**
     * Returns the position of the newest publication of a topic, kept or not.
     *
     * @param topic the topic
     * @return a stage with the position, which always has a known epoch
     */
    CompletionStage<StreamPosition> top(String topic);

    /**
     * Removes the publications of a topic. Epoch and top stay. Nothing happens if there are none.
     *
     * @param topic the topic
     * @return a stage that completes when they are removed
     */
    CompletionStage<Void> remove(String topic);

    /**
     * Releases everything that the store holds in this process. Pending and later calls fail. Further calls of this
     * method do nothing. Streams that live outside of the process stay.
     */
    @Override
    void close();
}
