package io.tankws;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Changes some of the defaults. The limits that it makes name those that were set here, also where a value is the default.
 * Not thread-safe.
 */
public final class LimitsBuilder {
    private final Map<Limit, Object> values = new EnumMap<>(Limit.class);

    LimitsBuilder() {}

    /**
     * {@return this} Sets {@link Limits#maxMessageBytes()}.
     *
     * @param maxMessageBytes bytes
     */
    public LimitsBuilder maxMessageBytes(int maxMessageBytes) {
        return set(Limit.MAX_MESSAGE_BYTES, maxMessageBytes);
    }

    /**
     * {@return this} Sets {@link Limits#maxFrameBytes()}.
     *
     * @param maxFrameBytes bytes, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxFrameBytes(int maxFrameBytes) {
        return set(Limit.MAX_FRAME_BYTES, maxFrameBytes);
    }

    /**
     * {@return this} Sets {@link Limits#maxFragments()}.
     *
     * @param maxFragments fragments
     */
    public LimitsBuilder maxFragments(int maxFragments) {
        return set(Limit.MAX_FRAGMENTS, maxFragments);
    }

    /**
     * {@return this} Sets {@link Limits#maxTopicBytes()}.
     *
     * @param maxTopicBytes bytes
     */
    public LimitsBuilder maxTopicBytes(int maxTopicBytes) {
        return set(Limit.MAX_TOPIC_BYTES, maxTopicBytes);
    }

    /**
     * {@return this} Sets {@link Limits#maxTopics()}.
     *
     * @param maxTopics topics
     */
    public LimitsBuilder maxTopics(int maxTopics) {
        return set(Limit.MAX_TOPICS, maxTopics);
    }

    /**
     * {@return this} Sets {@link Limits#maxUserIdBytes()}.
     *
     * @param maxUserIdBytes bytes
     */
    public LimitsBuilder maxUserIdBytes(int maxUserIdBytes) {
        return set(Limit.MAX_USER_ID_BYTES, maxUserIdBytes);
    }

    /**
     * {@return this} Sets {@link Limits#outboxBytes()}.
     *
     * @param outboxBytes bytes
     */
    public LimitsBuilder outboxBytes(int outboxBytes) {
        return set(Limit.OUTBOX_BYTES, outboxBytes);
    }

    /**
     * {@return this} Sets {@link Limits#outboxMessages()}.
     *
     * @param outboxMessages messages
     */
    public LimitsBuilder outboxMessages(int outboxMessages) {
        return set(Limit.OUTBOX_MESSAGES, outboxMessages);
    }

    /**
     * {@return this} Sets {@link Limits#outboxAge()}.
     *
     * @param outboxAge a time
     */
    public LimitsBuilder outboxAge(Duration outboxAge) {
        return set(Limit.OUTBOX_AGE, outboxAge);
    }

    /**
     * {@return this} Sets {@link Limits#outboxSoftBytes()} and {@link Limits#outboxSoftTime()}.
     *
     * @param bytes how many may wait for longer than that time
     * @param time how long more may wait
     */
    public LimitsBuilder outboxSoft(int bytes, Duration time) {
        return set(Limit.OUTBOX_SOFT_BYTES, bytes).set(Limit.OUTBOX_SOFT_TIME, time);
    }

    /**
     * {@return this} Sets {@link Limits#inboxMessages()}.
     *
     * @param inboxMessages messages
     */
    public LimitsBuilder inboxMessages(int inboxMessages) {
        return set(Limit.INBOX_MESSAGES, inboxMessages);
    }

    /**
     * {@return this} Sets {@link Limits#inboxBytes()}.
     *
     * @param inboxBytes bytes
     */
    public LimitsBuilder inboxBytes(int inboxBytes) {
        return set(Limit.INBOX_BYTES, inboxBytes);
    }

    /**
     * {@return this} Sets {@link Limits#partialMessageBytes()}.
     *
     * @param partialMessageBytes bytes
     */
    public LimitsBuilder partialMessageBytes(int partialMessageBytes) {
        return set(Limit.PARTIAL_MESSAGE_BYTES, partialMessageBytes);
    }

    /**
     * {@return this} Sets {@link Limits#messagesPerSecond()}.
     *
     * @param messagesPerSecond messages and pings, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder messagesPerSecond(int messagesPerSecond) {
        return set(Limit.MESSAGES_PER_SECOND, messagesPerSecond);
    }

    /**
     * {@return this} Sets {@link Limits#writeTimeout()}.
     *
     * @param writeTimeout positive
     */
    public LimitsBuilder writeTimeout(Duration writeTimeout) {
        return set(Limit.WRITE_TIMEOUT, writeTimeout);
    }

    /**
     * {@return this} Sets {@link Limits#closeTimeout()}.
     *
     * @param closeTimeout positive
     */
    public LimitsBuilder closeTimeout(Duration closeTimeout) {
        return set(Limit.CLOSE_TIMEOUT, closeTimeout);
    }

    /**
     * {@return this} Sets {@link Limits#handshakeBytes()}.
     *
     * @param handshakeBytes bytes
     */
    public LimitsBuilder handshakeBytes(int handshakeBytes) {
        return set(Limit.HANDSHAKE_BYTES, handshakeBytes);
    }

    /**
     * {@return this} Sets {@link Limits#pendingHandshakeBytes()}.
     *
     * @param pendingHandshakeBytes bytes
     */
    public LimitsBuilder pendingHandshakeBytes(int pendingHandshakeBytes) {
        return set(Limit.PENDING_HANDSHAKE_BYTES, pendingHandshakeBytes);
    }

    /**
     * {@return this} Sets {@link Limits#handshakeTimeout()}.
     *
     * @param handshakeTimeout positive
     */
    public LimitsBuilder handshakeTimeout(Duration handshakeTimeout) {
        return set(Limit.HANDSHAKE_TIMEOUT, handshakeTimeout);
    }

    /**
     * {@return this} Sets {@link Limits#authenticationTimeout()}.
     *
     * @param authenticationTimeout positive
     */
    public LimitsBuilder authenticationTimeout(Duration authenticationTimeout) {
        return set(Limit.AUTHENTICATION_TIMEOUT, authenticationTimeout);
    }

    /**
     * {@return this} Sets {@link Limits#pendingHandshakes()}.
     *
     * @param pendingHandshakes handshakes
     */
    public LimitsBuilder pendingHandshakes(int pendingHandshakes) {
        return set(Limit.PENDING_HANDSHAKES, pendingHandshakes);
    }

    /**
     * {@return this} Sets {@link Limits#maxConnections()}.
     *
     * @param maxConnections connections, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxConnections(int maxConnections) {
        return set(Limit.MAX_CONNECTIONS, maxConnections);
    }

    /**
     * {@return this} Sets {@link Limits#maxConnectionsPerAddress()}.
     *
     * @param maxConnectionsPerAddress connections, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxConnectionsPerAddress(int maxConnectionsPerAddress) {
        return set(Limit.MAX_CONNECTIONS_PER_ADDRESS, maxConnectionsPerAddress);
    }

    /**
     * {@return this} Sets {@link Limits#maxConnectionsPerUser()}.
     *
     * @param maxConnectionsPerUser connections, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxConnectionsPerUser(int maxConnectionsPerUser) {
        return set(Limit.MAX_CONNECTIONS_PER_USER, maxConnectionsPerUser);
    }

    /**
     * {@return this} Sets {@link Limits#maxSockets()}.
     *
     * @param maxSockets sockets, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxSockets(int maxSockets) {
        return set(Limit.MAX_SOCKETS, maxSockets);
    }

    /**
     * {@return this} Sets {@link Limits#eventBuffer()}.
     *
     * @param eventBuffer events
     */
    public LimitsBuilder eventBuffer(int eventBuffer) {
        return set(Limit.EVENT_BUFFER, eventBuffer);
    }

    /**
     * {@return this} Sets {@link Limits#callbackThreads()}.
     *
     * @param callbackThreads threads
     */
    public LimitsBuilder callbackThreads(int callbackThreads) {
        return set(Limit.CALLBACK_THREADS, callbackThreads);
    }

    /**
     * {@return this} Sets {@link Limits#maxAbandonedCalls()}.
     *
     * @param maxAbandonedCalls calls
     */
    public LimitsBuilder maxAbandonedCalls(int maxAbandonedCalls) {
        return set(Limit.MAX_ABANDONED_CALLS, maxAbandonedCalls);
    }

    /**
     * Makes the limits.
     *
     * @return the limits
     * @throws IllegalArgumentException if one is not positive, a time is longer than a year, {@code pendingHandshakeBytes}
     *     is less than {@code handshakeBytes}, or {@code partialMessageBytes} less than {@code maxMessageBytes}
     */
    public Limits build() {
        return new Limits(this);
    }

    LimitsBuilder addAll(Limits limits) {
        limits.named().forEach(limit -> set(limit, limit.of(limits)));
        return this;
    }

    private LimitsBuilder set(Limit limit, Object value) {
        values.put(limit, value);
        return this;
    }

    private Object value(Limit limit) {
        if (values.containsKey(limit)) {
            return values.get(limit);
        }
        return limit == Limit.PARTIAL_MESSAGE_BYTES
                ? (Object) Math.max((Integer) limit.defaultValue(), number(Limit.MAX_MESSAGE_BYTES))
                : limit.defaultValue();
    }

    int number(Limit limit) {
        return (Integer) value(limit);
    }

    Duration time(Limit limit) {
        return (Duration) value(limit);
    }

    Set<Limit> named() {
        return values.keySet();
    }
}
