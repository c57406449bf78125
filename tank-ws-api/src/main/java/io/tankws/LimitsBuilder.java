package io.tankws;

import java.time.Duration;

/** Changes some of the defaults. Not thread-safe. */
public final class LimitsBuilder {
    int maxMessageBytes = 64 * 1024;
    int maxFrameBytes = Limits.UNLIMITED;
    int maxFragments = 1024;
    int maxTopicBytes = 255;
    int maxTopics = 128;
    int maxUserIdBytes = 255;
    int outboxBytes = 1024 * 1024;
    int outboxMessages = 1024;
    Duration outboxAge = Duration.ofSeconds(10);
    int outboxSoftBytes = 512 * 1024;
    Duration outboxSoftTime = Duration.ofSeconds(5);
    int inboxMessages = 64;
    int inboxBytes = 256 * 1024;
    long partialMessageBytes = Math.max(64 * 1024, Runtime.getRuntime().maxMemory() / 4);
    int messagesPerSecond = Limits.UNLIMITED;
    Duration writeTimeout = Duration.ofSeconds(10);
    Duration closeTimeout = Duration.ofSeconds(5);
    int handshakeBytes = 8 * 1024;
    int pendingHandshakeBytes = 8 * 1024 * 1024;
    Duration handshakeTimeout = Duration.ofSeconds(10);
    Duration authenticationTimeout = Duration.ofSeconds(10);
    int pendingHandshakes = 1024;
    int maxConnections = Limits.UNLIMITED;
    int maxConnectionsPerAddress = Limits.UNLIMITED;
    int maxConnectionsPerUser = Limits.UNLIMITED;
    int maxSockets = 64 * 1024;
    int eventBuffer = 1024;
    int callbackThreads = 256;
    int maxAbandonedCalls = 256;

    LimitsBuilder() {}

    /**
     * {@return this} Sets {@link Limits#maxMessageBytes()}.
     *
     * @param maxMessageBytes bytes
     */
    public LimitsBuilder maxMessageBytes(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxFrameBytes()}.
     *
     * @param maxFrameBytes bytes, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxFrameBytes(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxFragments()}.
     *
     * @param maxFragments fragments
     */
    public LimitsBuilder maxFragments(int maxFragments) {
        this.maxFragments = maxFragments;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxTopicBytes()}.
     *
     * @param maxTopicBytes bytes
     */
    public LimitsBuilder maxTopicBytes(int maxTopicBytes) {
        this.maxTopicBytes = maxTopicBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxTopics()}.
     *
     * @param maxTopics topics
     */
    public LimitsBuilder maxTopics(int maxTopics) {
        this.maxTopics = maxTopics;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxUserIdBytes()}.
     *
     * @param maxUserIdBytes bytes
     */
    public LimitsBuilder maxUserIdBytes(int maxUserIdBytes) {
        this.maxUserIdBytes = maxUserIdBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#outboxBytes()}.
     *
     * @param outboxBytes bytes
     */
    public LimitsBuilder outboxBytes(int outboxBytes) {
        this.outboxBytes = outboxBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#outboxMessages()}.
     *
     * @param outboxMessages messages
     */
    public LimitsBuilder outboxMessages(int outboxMessages) {
        this.outboxMessages = outboxMessages;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#outboxAge()}.
     *
     * @param outboxAge a time
     */
    public LimitsBuilder outboxAge(Duration outboxAge) {
        this.outboxAge = outboxAge;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#outboxSoftBytes()} and {@link Limits#outboxSoftTime()}.
     *
     * @param bytes how many may wait for longer than that time
     * @param time how long more may wait
     */
    public LimitsBuilder outboxSoft(int bytes, Duration time) {
        outboxSoftBytes = bytes;
        outboxSoftTime = time;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#inboxMessages()}.
     *
     * @param inboxMessages messages
     */
    public LimitsBuilder inboxMessages(int inboxMessages) {
        this.inboxMessages = inboxMessages;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#inboxBytes()}.
     *
     * @param inboxBytes bytes
     */
    public LimitsBuilder inboxBytes(int inboxBytes) {
        this.inboxBytes = inboxBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#partialMessageBytes()}.
     *
     * @param partialMessageBytes bytes
     */
    public LimitsBuilder partialMessageBytes(long partialMessageBytes) {
        this.partialMessageBytes = partialMessageBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#messagesPerSecond()}.
     *
     * @param messagesPerSecond messages and pings, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder messagesPerSecond(int messagesPerSecond) {
        this.messagesPerSecond = messagesPerSecond;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#writeTimeout()}.
     *
     * @param writeTimeout positive
     */
    public LimitsBuilder writeTimeout(Duration writeTimeout) {
        this.writeTimeout = writeTimeout;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#closeTimeout()}.
     *
     * @param closeTimeout positive
     */
    public LimitsBuilder closeTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#handshakeBytes()}.
     *
     * @param handshakeBytes bytes
     */
    public LimitsBuilder handshakeBytes(int handshakeBytes) {
        this.handshakeBytes = handshakeBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#pendingHandshakeBytes()}.
     *
     * @param pendingHandshakeBytes bytes
     */
    public LimitsBuilder pendingHandshakeBytes(int pendingHandshakeBytes) {
        this.pendingHandshakeBytes = pendingHandshakeBytes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#handshakeTimeout()}.
     *
     * @param handshakeTimeout positive
     */
    public LimitsBuilder handshakeTimeout(Duration handshakeTimeout) {
        this.handshakeTimeout = handshakeTimeout;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#authenticationTimeout()}.
     *
     * @param authenticationTimeout positive
     */
    public LimitsBuilder authenticationTimeout(Duration authenticationTimeout) {
        this.authenticationTimeout = authenticationTimeout;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#pendingHandshakes()}.
     *
     * @param pendingHandshakes handshakes
     */
    public LimitsBuilder pendingHandshakes(int pendingHandshakes) {
        this.pendingHandshakes = pendingHandshakes;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxConnections()}.
     *
     * @param maxConnections connections, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxConnectionsPerAddress()}.
     *
     * @param maxConnectionsPerAddress connections, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxConnectionsPerAddress(int maxConnectionsPerAddress) {
        this.maxConnectionsPerAddress = maxConnectionsPerAddress;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxConnectionsPerUser()}.
     *
     * @param maxConnectionsPerUser connections, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxConnectionsPerUser(int maxConnectionsPerUser) {
        this.maxConnectionsPerUser = maxConnectionsPerUser;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxSockets()}.
     *
     * @param maxSockets sockets, or {@link Limits#UNLIMITED}
     */
    public LimitsBuilder maxSockets(int maxSockets) {
        this.maxSockets = maxSockets;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#eventBuffer()}.
     *
     * @param eventBuffer events
     */
    public LimitsBuilder eventBuffer(int eventBuffer) {
        this.eventBuffer = eventBuffer;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#callbackThreads()}.
     *
     * @param callbackThreads threads
     */
    public LimitsBuilder callbackThreads(int callbackThreads) {
        this.callbackThreads = callbackThreads;
        return this;
    }

    /**
     * {@return this} Sets {@link Limits#maxAbandonedCalls()}.
     *
     * @param maxAbandonedCalls calls
     */
    public LimitsBuilder maxAbandonedCalls(int maxAbandonedCalls) {
        this.maxAbandonedCalls = maxAbandonedCalls;
        return this;
    }

    /**
     * Makes the limits.
     *
     * @return the limits
     * @throws IllegalArgumentException if one is not positive
     */
    public Limits build() {
        return new Limits(this);
    }
}
