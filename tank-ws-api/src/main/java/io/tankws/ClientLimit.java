package io.tankws;

import java.time.Duration;

/** The names and the defaults of {@link ClientLimits}. */
enum ClientLimit {
    MAX_MESSAGE_BYTES("maxMessageBytes", 64 * 1024),
    MAX_FRAME_BYTES("maxFrameBytes", Limits.UNLIMITED),
    MAX_FRAGMENTS("maxFragments", 1024),
    MAX_TOPIC_BYTES("maxTopicBytes", 255),
    MAX_TOPICS("maxTopics", 128),
    OUTBOX_BYTES("outboxBytes", 1024 * 1024),
    OUTBOX_MESSAGES("outboxMessages", 1024),
    OUTBOX_AGE("outboxAge", Duration.ofSeconds(10)),
    OUTBOX_SOFT_BYTES("outboxSoftBytes", 512 * 1024),
    OUTBOX_SOFT_TIME("outboxSoftTime", Duration.ofSeconds(5)),
    CATCH_UP_TIME("catchUpTime", Duration.ofMinutes(1)),
    INBOX_MESSAGES("inboxMessages", 64),
    INBOX_BYTES("inboxBytes", 256 * 1024),
    MESSAGES_PER_SECOND("messagesPerSecond", Limits.UNLIMITED),
    WRITE_TIMEOUT("writeTimeout", Duration.ofSeconds(10)),
    CLOSE_TIMEOUT("closeTimeout", Duration.ofSeconds(5)),
    MAX_CONNECTIONS_PER_USER("maxConnectionsPerUser", Limits.UNLIMITED);

    private final String accessor;
    private final Object defaultValue;

    ClientLimit(String accessor, Object defaultValue) {
        this.accessor = accessor;
        this.defaultValue = defaultValue;
    }

    Object defaultValue() {
        return defaultValue;
    }

    @Override
    public String toString() {
        return accessor;
    }
}
