package io.tankws;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limits of each single client: of the messages that it sends, of the messages that wait for it, and of its
 * subscriptions. {@link Manager.Builder#clientLimits} sets them for all clients of a manager, and {@link
 * Identity#withLimits} for the connections of one identity. Immutable.
 *
 * <p>Limits remember which of them the builder has set explicitly, even to the default. Only these replace the limits
 * of the manager where an identity has limits of its own, and two limits are equal if the same ones are set to the
 * same values.
 */
public final class ClientLimits {
    // This file is longer than 400 lines because each limit has a field, an accessor and a documented setter.

    private static final ClientLimits DEFAULTS = builder().build();

    /** The values that the builder has set. */
    private final Map<ClientLimit, Object> explicit;

    private final int maxMessageBytes;
    private final int maxFrameBytes;
    private final int maxFragments;
    private final int maxTopicBytes;
    private final int maxTopics;
    private final int outboxBytes;
    private final int outboxMessages;
    private final Duration outboxAge;
    private final int outboxSoftBytes;
    private final Duration outboxSoftTime;
    private final Duration catchUpTime;
    private final int inboxMessages;
    private final int inboxBytes;
    private final int messagesPerSecond;
    private final Duration writeTimeout;
    private final Duration closeTimeout;
    private final int maxConnectionsPerUser;

    private ClientLimits(Builder builder) {
        explicit = new EnumMap<>(builder.explicit);
        maxMessageBytes = number(ClientLimit.MAX_MESSAGE_BYTES);
        maxFrameBytes = number(ClientLimit.MAX_FRAME_BYTES);
        maxFragments = number(ClientLimit.MAX_FRAGMENTS);
        maxTopicBytes = number(ClientLimit.MAX_TOPIC_BYTES);
        maxTopics = number(ClientLimit.MAX_TOPICS);
        outboxBytes = number(ClientLimit.OUTBOX_BYTES);
        outboxMessages = number(ClientLimit.OUTBOX_MESSAGES);
        outboxAge = duration(ClientLimit.OUTBOX_AGE);
        outboxSoftBytes = number(ClientLimit.OUTBOX_SOFT_BYTES);
        outboxSoftTime = duration(ClientLimit.OUTBOX_SOFT_TIME);
        catchUpTime = duration(ClientLimit.CATCH_UP_TIME);
        inboxMessages = number(ClientLimit.INBOX_MESSAGES);
        inboxBytes = number(ClientLimit.INBOX_BYTES);
        messagesPerSecond = number(ClientLimit.MESSAGES_PER_SECOND);
        writeTimeout = duration(ClientLimit.WRITE_TIMEOUT);
        closeTimeout = duration(ClientLimit.CLOSE_TIMEOUT);
        maxConnectionsPerUser = number(ClientLimit.MAX_CONNECTIONS_PER_USER);
    }

    private int number(ClientLimit limit) {
        return Limits.checked(limit.toString(), (Integer) value(limit));
    }

    private Duration duration(ClientLimit limit) {
        return Limits.checked(limit.toString(), (Duration) value(limit));
    }

    private Object value(ClientLimit limit) {
        return explicit.getOrDefault(limit, limit.defaultValue());
    }

    /** {@return the limits of a client for which none are set} */
    public static ClientLimits defaults() {
        return DEFAULTS;
    }

    /** {@return a builder that has set no limit} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that has set the limits that these limits set explicitly} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.explicit.putAll(explicit);
        return builder;
    }

    /**
     * Returns these limits with some of them replaced.
     *
     * @param overrides replace these limits where they are set explicitly
     * @return limits that set explicitly what either of the two sets explicitly
     */
    public ClientLimits with(ClientLimits overrides) {
        if (overrides.explicit.isEmpty()) {
            return this;
        }
        Builder builder = toBuilder();
        builder.explicit.putAll(overrides.explicit);
        return builder.build();
    }

    /** {@return the maximum size of a message in bytes; see {@link Builder#maxMessageBytes}} */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** {@return the maximum size of a frame in bytes; see {@link Builder#maxFrameBytes}} */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** {@return the maximum number of frames of a message; see {@link Builder#maxFragments}} */
    public int maxFragments() {
        return maxFragments;
    }

    /** {@return the maximum length of a topic in bytes of UTF-8; see {@link Builder#maxTopicBytes}} */
    public int maxTopicBytes() {
        return maxTopicBytes;
    }

    /** {@return the maximum number of subscriptions; see {@link Builder#maxTopics}} */
    public int maxTopics() {
        return maxTopics;
    }

    /** {@return the maximum size of an outbox in bytes; see {@link Builder#outboxBytes}} */
    public int outboxBytes() {
        return outboxBytes;
    }

    /** {@return the maximum number of messages in an outbox; see {@link Builder#outboxMessages}} */
    public int outboxMessages() {
        return outboxMessages;
    }

    /** {@return the maximum time of a message in an outbox; see {@link Builder#outboxAge}} */
    public Duration outboxAge() {
        return outboxAge;
    }

    /** {@return the size in bytes above which an outbox may stay for a limited time; see {@link Builder#outboxSoft}} */
    public int outboxSoftBytes() {
        return outboxSoftBytes;
    }

    /** {@return the maximum time of an outbox above its soft limit; see {@link Builder#outboxSoft}} */
    public Duration outboxSoftTime() {
        return outboxSoftTime;
    }

    /** {@return the maximum time for which a client may be behind on topics; see {@link Builder#catchUpTime}} */
    public Duration catchUpTime() {
        return catchUpTime;
    }

    /** {@return the maximum number of messages in an inbox; see {@link Builder#inboxMessages}} */
    public int inboxMessages() {
        return inboxMessages;
    }

    /** {@return the maximum size of an inbox in bytes; see {@link Builder#inboxBytes}} */
    public int inboxBytes() {
        return inboxBytes;
    }

    /** {@return the maximum number of messages and pings in a second; see {@link Builder#messagesPerSecond}} */
    public int messagesPerSecond() {
        return messagesPerSecond;
    }

    /** {@return the maximum time of a write; see {@link Builder#writeTimeout}} */
    public Duration writeTimeout() {
        return writeTimeout;
    }

    /** {@return the maximum time of a close handshake; see {@link Builder#closeTimeout}} */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** {@return the maximum number of connections of a user; see {@link Builder#maxConnectionsPerUser}} */
    public int maxConnectionsPerUser() {
        return maxConnectionsPerUser;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientLimits limits && explicit.equals(limits.explicit);
    }

    @Override
    public int hashCode() {
        return explicit.hashCode();
    }

    /** Returns the limits that are set explicitly by name. */
    @Override
    public String toString() {
        return "ClientLimits" + explicit;
    }

    /** Collects the limits of a client. Not thread-safe. */
    public static final class Builder {
        private final Map<ClientLimit, Object> explicit = new EnumMap<>(ClientLimit.class);

        private Builder() {}

        private Builder set(ClientLimit limit, Object value) {
            explicit.put(limit, Objects.requireNonNull(value, limit.toString()));
            return this;
        }

        /**
         * Configures how large a message of the client may be. The default is 64 KiB. A larger message closes the
         * connection with 1009.
         *
         * @param bytes a positive number of bytes of payload, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxMessageBytes(int bytes) {
            return set(ClientLimit.MAX_MESSAGE_BYTES, bytes);
        }

        /**
         * Configures how large a frame of the client may be, before it is decompressed. The default is {@link
         * Limits#UNLIMITED}, so {@link #maxMessageBytes} applies. A larger frame closes the connection with 1009.
         *
         * @param bytes a positive number of bytes of payload, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxFrameBytes(int bytes) {
            return set(ClientLimit.MAX_FRAME_BYTES, bytes);
        }

        /**
         * Configures how many frames one message of the client may have. The default is 1024. A message of more frames
         * closes the connection with 1009.
         *
         * @param frames a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxFragments(int frames) {
            return set(ClientLimit.MAX_FRAGMENTS, frames);
        }

        /**
         * Configures how long a topic may be. The default is 255 bytes. A longer topic is not subscribed to, and the
         * manager reports {@link ErrorCode#INVALID_TOPIC}. The limit of an identity must be at most the manager's.
         *
         * @param bytes a positive number of bytes of UTF-8, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxTopicBytes(int bytes) {
            return set(ClientLimit.MAX_TOPIC_BYTES, bytes);
        }

        /**
         * Configures how many topics the client may subscribe to. The default is 128. A further topic is not subscribed
         * to, and the manager reports {@link ErrorCode#LIMIT_EXCEEDED}.
         *
         * @param topics a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxTopics(int topics) {
            return set(ClientLimit.MAX_TOPICS, topics);
        }

        /**
         * Configures how many bytes of frames may wait for the client. The default is 1 MiB. When a message would
         * exceed them, the {@link OverflowPolicy} applies.
         *
         * @param bytes a positive number of bytes, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder outboxBytes(int bytes) {
            return set(ClientLimit.OUTBOX_BYTES, bytes);
        }

        /**
         * Configures how many messages may wait for the client. The default is 1024. When that many wait, the
         * {@link OverflowPolicy} applies.
         *
         * @param messages a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder outboxMessages(int messages) {
            return set(ClientLimit.OUTBOX_MESSAGES, messages);
        }

        /**
         * Configures how long a message may wait for the client. The default is 10 seconds. When the oldest message has
         * waited longer, the {@link OverflowPolicy} applies; such a message is never sent late.
         *
         * @param age positive, at most 365 days
         * @return this
         */
        public Builder outboxAge(Duration age) {
            return set(ClientLimit.OUTBOX_AGE, age);
        }

        /**
         * Configures a second limit of the bytes of frames that wait for the client, which it may exceed for a limited
         * time. The default is 512 KiB for 5 seconds. When more bytes wait for longer, the {@link OverflowPolicy}
         * applies.
         *
         * @param bytes a positive number of bytes, or {@link Limits#UNLIMITED}
         * @param time positive, at most 365 days
         * @return this
         */
        public Builder outboxSoft(int bytes, Duration time) {
            return set(ClientLimit.OUTBOX_SOFT_BYTES, bytes).set(ClientLimit.OUTBOX_SOFT_TIME, time);
        }

        /**
         * Configures how long the client may be behind on topics with a history, see {@link OverflowPolicy#CATCH_UP}.
         * The default is 1 minute. When the client has not caught up by then, it is closed with 1013.
         *
         * @param time positive, at most 365 days
         * @return this
         */
        public Builder catchUpTime(Duration time) {
            return set(ClientLimit.CATCH_UP_TIME, time);
        }

        /**
         * Configures how many messages of the client may wait for a {@link MessageHandler}. The default is 64. While
         * that many wait, the server does not read from the client.
         *
         * @param messages a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder inboxMessages(int messages) {
            return set(ClientLimit.INBOX_MESSAGES, messages);
        }

        /**
         * Configures how many bytes of messages of the client may wait for a {@link MessageHandler}. The default is 256
         * KiB. While that many wait, the server does not read from the client.
         *
         * @param bytes a positive number of bytes, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder inboxBytes(int bytes) {
            return set(ClientLimit.INBOX_BYTES, bytes);
        }

        /**
         * Configures how many messages and pings the client may send in a second, and at once: the rate and the size
         * of a token bucket. The default is {@link Limits#UNLIMITED}. A further message closes the connection with
         * 1008.
         *
         * @param messages a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder messagesPerSecond(int messages) {
            return set(ClientLimit.MESSAGES_PER_SECOND, messages);
        }

        /**
         * Configures how long the client may take to receive each 64 KiB of a write. The default is 10 seconds. When
         * the time is over, the server disconnects the client.
         *
         * @param timeout positive, at most 365 days
         * @return this
         */
        public Builder writeTimeout(Duration timeout) {
            return set(ClientLimit.WRITE_TIMEOUT, timeout);
        }

        /**
         * Configures how long the client may take to answer a close frame, and to receive each 64 KiB that leaves
         * before it. The default is 5 seconds. When the time is over, the server disconnects the client.
         *
         * @param timeout positive, at most 365 days
         * @return this
         */
        public Builder closeTimeout(Duration timeout) {
            return set(ClientLimit.CLOSE_TIMEOUT, timeout);
        }

        /**
         * Configures how many connections of a manager may have the user id of the client. The default is
         * {@link Limits#UNLIMITED}. When that many exist, the {@link UserLimitPolicy} applies to each new handshake of
         * the user. The same number of closing connections does not count.
         *
         * @param connections a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxConnectionsPerUser(int connections) {
            return set(ClientLimit.MAX_CONNECTIONS_PER_USER, connections);
        }

        /**
         * Creates the limits.
         *
         * @return immutable limits
         * @throws IllegalArgumentException if a number or a duration is out of its range
         */
        public ClientLimits build() {
            return new ClientLimits(this);
        }
    }
}
