package io.tankws;

import io.tankws.wire.Utf8Text;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The options of one call that publishes to a topic. Immutable and thread-safe. */
public final class PublishOptions {
    /** The maximum length of an idempotency key in bytes of UTF-8. */
    public static final int MAX_IDEMPOTENCY_KEY_BYTES = 255;

    private static final PublishOptions DEFAULTS = builder().build();

    private final Map<String, String> tags;
    /** The idempotency key, or {@code null} if there is none. */
    private final @Nullable String idempotencyKey;
    /** The id of the client that does not receive the publication, or {@code null} if there is none. */
    private final @Nullable String excludedClientId;

    private final boolean kept;

    private PublishOptions(Builder builder) {
        tags = builder.tags;
        idempotencyKey = builder.idempotencyKey;
        excludedClientId = builder.excludedClientId;
        kept = builder.kept;
    }

    /** {@return the options of a call that sets none} */
    public static PublishOptions defaults() {
        return DEFAULTS;
    }

    /** {@return a builder that starts from the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the tags of the publication; see {@link Builder#tags}} */
    public Map<String, String> tags() {
        return tags;
    }

    /** {@return the idempotency key; empty if there is none; see {@link Builder#idempotencyKey}} */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(idempotencyKey);
    }

    /** {@return the client that does not receive the publication; see {@link Builder#excludedClientId}} */
    public Optional<String> excludedClientId() {
        return Optional.ofNullable(excludedClientId);
    }

    /** {@return {@code false} if the publication must not enter the history; see {@link Builder#notKept}} */
    public boolean isKept() {
        return kept;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublishOptions options
                && kept == options.kept
                && tags.equals(options.tags)
                && Objects.equals(idempotencyKey, options.idempotencyKey)
                && Objects.equals(excludedClientId, options.excludedClientId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tags, idempotencyKey, excludedClientId, kept);
    }

    /** Returns the options without the values of the tags. */
    @Override
    public String toString() {
        return "PublishOptions[tags=" + tags.keySet() + ", idempotencyKey=" + idempotencyKey + ", excludedClientId="
                + excludedClientId + ", kept=" + kept + "]";
    }

    /** Collects the options of a call. Not thread-safe. */
    public static final class Builder {
        private Map<String, String> tags = Map.of();
        private @Nullable String idempotencyKey;
        private @Nullable String excludedClientId;
        private boolean kept = true;

        private Builder() {}

        /**
         * Configures the tags of the publication. The default is none.
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
         * Configures a key that makes a second attempt harmless. The default is none. When the topic has a
         * publication with the same key that is at most 5 minutes old, nothing is published, and the call completes
         * with the position of that first publication. The number of keys is bounded by
         * {@link ManagerLimits#maxIdempotencyKeys()}.
         *
         * @param key 1 to {@link PublishOptions#MAX_IDEMPOTENCY_KEY_BYTES} bytes in UTF-8
         * @return this
         * @throws IllegalArgumentException if the key is empty or too long, or has a lone surrogate
         */
        public Builder idempotencyKey(String key) {
            idempotencyKey = Utf8Text.requireLength("idempotencyKey", key, MAX_IDEMPOTENCY_KEY_BYTES);
            return this;
        }

        /**
         * Configures a client that does not receive the publication live, even if it subscribes to the topic, such as
         * the publisher itself. By default every subscriber receives it. A client that reads the history sees the
         * publication in any case, and its offset counts for every subscriber.
         *
         * @param clientId {@link Client#id()}, not empty
         * @return this
         * @throws IllegalArgumentException if the id is empty
         */
        public Builder excludedClientId(String clientId) {
            if (clientId.isEmpty()) {
                throw new IllegalArgumentException("excludedClientId must not be empty");
            }
            excludedClientId = clientId;
            return this;
        }

        /**
         * Keeps the publication out of the history of its topic. It has no offset, and a client that is not
         * connected misses it. By default a publication to a topic with history is kept.
         *
         * @return this
         */
        public Builder notKept() {
            kept = false;
            return this;
        }

        /** {@return immutable options} */
        public PublishOptions build() {
            return new PublishOptions(this);
        }
    }
}
