package io.tankws;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message that was published to a topic. Immutable and thread-safe.
 *
 * <p>A publication in the history of its topic has an offset and an epoch, see {@link StreamPosition}. Every other
 * publication has offset 0 and no epoch: one to a topic without history, and one that was published with
 * {@link PublishOptions.Builder#notKept()}.
 *
 * <p>Created by the manager and by history stores. Publications of one topic share the strings of topic and epoch.
 */
public final class Publication {
    /** The maximum number of tags. */
    public static final int MAX_TAGS = 32;

    /** The maximum size of all names and values of tags together, in bytes of UTF-8. */
    public static final int MAX_TAG_BYTES = 2048;

    // History keeps many publications, so each field is compact: no Optional, no Instant, and no StreamPosition.

    private final String topic;
    private final Payload payload;
    private final String epoch;
    private final long offset;
    /** The time of the publication in milliseconds since 1970. */
    private final long time;

    private final Map<String, String> tags;
    /** The publisher, or {@code null} if the server published. */
    private final @Nullable PublisherInfo publisher;

    private Publication(
            String topic,
            Payload payload,
            String epoch,
            long offset,
            long time,
            Map<String, String> tags,
            @Nullable PublisherInfo publisher) {
        this.topic = topic;
        this.payload = payload;
        this.epoch = epoch;
        this.offset = offset;
        this.time = time;
        this.tags = tags;
        this.publisher = publisher;
    }

    /**
     * Starts a publication of the current time, without tags, publisher and position.
     *
     * @param topic the topic
     * @param payload the content
     * @return a builder
     */
    public static Builder builder(String topic, Payload payload) {
        return new Builder(topic, payload);
    }

    /**
     * Returns a copy of this publication at a position in the history of its topic.
     *
     * @param position the position, with an offset of at least 1 and a known epoch
     * @return a changed copy that shares all other values with this publication
     * @throws IllegalArgumentException if the offset is 0 or the epoch is unknown
     */
    public Publication at(StreamPosition position) {
        if (position.offset() == 0 || !position.hasKnownEpoch()) {
            throw new IllegalArgumentException("the position of a publication must have an epoch and an offset of at"
                    + " least 1, but was " + position);
        }
        return new Publication(topic, payload, position.epoch(), position.offset(), time, tags, publisher);
    }

    /** {@return the topic} */
    public String topic() {
        return topic;
    }

    /** {@return the content} */
    public Payload payload() {
        return payload;
    }

    /** {@return the offset in the history of the topic, at least 1; 0 if this publication is not kept} */
    public long offset() {
        return offset;
    }

    /** {@return the epoch of the offset; empty if this publication is not kept} */
    public String epoch() {
        return epoch;
    }

    /** {@return epoch and offset; {@link StreamPosition#NONE} if this publication is not kept} */
    public StreamPosition position() {
        return offset == 0 ? StreamPosition.NONE : new StreamPosition(epoch, offset);
    }

    /** {@return the time of the call that published it, in milliseconds since 1970-01-01T00:00Z} */
    public long timeMillis() {
        return time;
    }

    /** {@return the time of the call that published it, with a precision of a millisecond} */
    public Instant time() {
        return Instant.ofEpochMilli(time);
    }

    /** {@return the tags by name, in any order; immutable} */
    public Map<String, String> tags() {
        return tags;
    }

    /** {@return the client that published it; empty if the server published it} */
    public Optional<PublisherInfo> publisher() {
        return Optional.ofNullable(publisher);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Publication publication
                && offset == publication.offset
                && time == publication.time
                && topic.equals(publication.topic)
                && epoch.equals(publication.epoch)
                && payload.equals(publication.payload)
                && tags.equals(publication.tags)
                && Objects.equals(publisher, publication.publisher);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, epoch, offset, time, payload);
    }

    /** Returns topic, position, and kind and size of the payload, never the content. */
    @Override
    public String toString() {
        return "Publication[" + topic + " " + epoch + ":" + offset + " " + payload + "]";
    }

    /** Collects the parts of a publication. Not thread-safe. */
    public static final class Builder {
        private final String topic;
        private final Payload payload;
        private long time = System.currentTimeMillis();
        private Map<String, String> tags = Map.of();
        private @Nullable PublisherInfo publisher;

        private Builder(String topic, Payload payload) {
            this.topic = Objects.requireNonNull(topic, "topic");
            this.payload = Objects.requireNonNull(payload, "payload");
        }

        /**
         * Configures the time of the publication. The default is the time at which this builder was created.
         *
         * @param millis milliseconds since 1970-01-01T00:00Z
         * @return this
         */
        public Builder timeMillis(long millis) {
            time = millis;
            return this;
        }

        /**
         * Configures the tags, which protocols and filters may use without reading the payload. The default is none.
         *
         * @param tags at most {@link Publication#MAX_TAGS} tags with non-empty names and at most
         *     {@link Publication#MAX_TAG_BYTES} bytes together; copied
         * @return this
         * @throws IllegalArgumentException if a bound is exceeded, or a name or value has a lone surrogate
         */
        public Builder tags(Map<String, String> tags) {
            this.tags = Tags.checked(tags);
            return this;
        }

        /**
         * Configures the client that publishes. By default the server is the publisher.
         *
         * @param publisher the client
         * @return this
         */
        public Builder publisher(PublisherInfo publisher) {
            this.publisher = Objects.requireNonNull(publisher, "publisher");
            return this;
        }

        /** {@return a publication without a position} */
        public Publication build() {
            return new Publication(topic, payload, StreamPosition.UNKNOWN_EPOCH, 0, time, tags, publisher);
        }
    }
}
