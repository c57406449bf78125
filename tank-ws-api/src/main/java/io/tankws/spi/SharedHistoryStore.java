package io.tankws.spi;

import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.TopicOptions;
import java.util.concurrent.CompletionStage;

/**
 * A {@link HistoryStore} that the nodes of a cluster share. It belongs to a {@link Backplane} and publishes what it
 * appends. All nodes see the same epochs, offsets and idempotency keys. The streams outlive the nodes.
 *
 * <p><b>Delivery.</b> {@link #append(Publication, TopicOptions, PublishOptions, String, byte[])} compares the
 * idempotency key, assigns the offset, keeps the publication and publishes it in one atomic step of the server.
 * Therefore the subscribers of a channel receive the publications of its topic in the order of their offsets. Each
 * node receives a publication at most once, in {@link BackplaneListener#onPublication}.
 *
 * <p><b>Loss of data.</b> When the store may have lost publications that it had confirmed, for instance because a
 * replica has replaced its server, each topic gets a new epoch at its next use. Its offsets may continue, and the
 * publications that the store still has may stay.
 *
 * <p>While the backplane is unavailable, calls fail like {@link Backplane#publish}. {@link Backplane#close} also closes
 * the store. {@link #close} does nothing.
 *
 * <p>Implemented by backplanes.
 */
public interface SharedHistoryStore extends HistoryStore {
    /** The maximum size of an envelope in bytes. */
    int MAX_ENVELOPE_BYTES = 64 * 1024;

    /**
     * Appends a publication as {@link HistoryStore#append} does, and publishes it on a channel in the same step. A
     * publication that is not kept is only published. A publication that repeats an earlier one is not published.
     *
     * @param publication a publication without a position
     * @param topicOptions the options of the topic
     * @param options the options of the call; the store reads the idempotency key and {@link PublishOptions#isKept}
     * @param channel the channel of the topic: {@link BackplaneConfig#topicChannelPrefix()} followed by the topic
     * @param envelope bytes that subscribers receive with the publication and that are not stored; owned by the store,
     *     at most {@value #MAX_ENVELOPE_BYTES} bytes
     * @return a stage that completes when the server has published, with the result of {@link HistoryStore#append}
     * @throws IllegalArgumentException if the channel is not that of the topic, the envelope is too large, or the
     *     publication {@linkplain io.tankws.spi.support.PublicationCodec#encode cannot be encoded}
     */
    CompletionStage<AppendResult> append(
            Publication publication,
            TopicOptions topicOptions,
            PublishOptions options,
            String channel,
            byte[] envelope);

    /** Does nothing. {@link Backplane#close} closes the store. */
    @Override
    void close();
}
