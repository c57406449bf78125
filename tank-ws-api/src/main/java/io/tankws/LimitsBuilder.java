package io.tankws;

import java.time.Duration;

/** Changes some of the defaults. Not thread-safe. */
public final class LimitsBuilder {
    private int maxMessageBytes = 64 * 1024;
    private int maxFrameBytes = Limits.UNLIMITED;
    private int maxFragments = 1024;
    private int maxTopicBytes = 255;
    private int maxTopics = 128;
    private int maxUserIdBytes = 255;
    private int outboxBytes = 1024 * 1024;
    private int outboxMessages = 1024;
    private Duration outboxAge = Duration.ofSeconds(10);
    private int outboxSoftBytes = 512 * 1024;
    private Duration outboxSoftTime = Duration.ofSeconds(5);
    private int inboxMessages = 64;
    private int inboxBytes = 256 * 1024;
    private int messagesPerSecond = Limits.UNLIMITED;
    private Duration writeTimeout = Duration.ofSeconds(10);
    private Duration closeTimeout = Duration.ofSeconds(5);
    private int handshakeBytes = 8 * 1024;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private Duration authenticationTimeout = Duration.ofSeconds(10);
    private int pendingHandshakes = 1024;
    private int maxConnections = Limits.UNLIMITED;
    private int maxConnectionsPerAddress = Limits.UNLIMITED;
    private int maxConnectionsPerUser = Limits.UNLIMITED;
    private int maxSockets = 64 * 1024;
    private int eventBuffer = 1024;
    private int callbackThreads = 256;

    LimitsBuilder() {}

    /**
     * Sets {@link Limits#maxMessageBytes()}.
     *
     * @param maxMessageBytes bytes
     * @return this
     */
    public LimitsBuilder maxMessageBytes(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
        return this;
    }

    /**
     * Sets {@link Limits#maxFrameBytes()}.
     *
     * @param maxFrameBytes bytes, or {@link Limits#UNLIMITED}
     * @return this
     */
    public LimitsBuilder maxFrameBytes(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
        return this;
    }

    /**
     * Sets {@link Limits#maxFragments()}.
     *
     * @param maxFragments fragments
     * @return this
     */
    public LimitsBuilder maxFragments(int maxFragments) {
        this.maxFragments = maxFragments;
        return this;
    }

    /**
     * Sets {@link Limits#maxTopicBytes()}.
     *
     * @param maxTopicBytes bytes
     * @return this
     */
    public LimitsBuilder maxTopicBytes(int maxTopicBytes) {
        this.maxTopicBytes = maxTopicBytes;
        return this;
    }

    /**
     * Sets {@link Limits#maxTopics()}.
     *
     * @param maxTopics topics
     * @return this
     */
    public LimitsBuilder maxTopics(int maxTopics) {
        this.maxTopics = maxTopics;
        return this;
    }

    /**
     * Sets {@link Limits#maxUserIdBytes()}.
     *
     * @param maxUserIdBytes bytes
     * @return this
     */
    public LimitsBuilder maxUserIdBytes(int maxUserIdBytes) {
        this.maxUserIdBytes = maxUserIdBytes;
        return this;
    }

    /**
     * Sets {@link Limits#outboxBytes()}.
     *
     * @param outboxBytes bytes
     * @return this
     */
    public LimitsBuilder outboxBytes(int outboxBytes) {
        this.outboxBytes = outboxBytes;
        return this;
    }

    /**
     * Sets {@link Limits#outboxMessages()}.
     *
     * @param outboxMessages messages
     * @return this
     */
    public LimitsBuilder outboxMessages(int outboxMessages) {
        this.outboxMessages = outboxMessages;
        return this;
    }

    /**
     * Sets {@link Limits#outboxAge()}.
     *
     * @param outboxAge a time
     * @return this
     */
    public LimitsBuilder outboxAge(Duration outboxAge) {
        this.outboxAge = outboxAge;
        return this;
    }

    /**
     * Sets {@link Limits#outboxSoftBytes()}.
     *
     * @param outboxSoftBytes bytes
     * @return this
     */
    public LimitsBuilder outboxSoftBytes(int outboxSoftBytes) {
        this.outboxSoftBytes = outboxSoftBytes;
        return this;
    }

    /**
     * Sets {@link Limits#outboxSoftTime()}.
     *
     * @param outboxSoftTime a time
     * @return this
     */
    public LimitsBuilder outboxSoftTime(Duration outboxSoftTime) {
        this.outboxSoftTime = outboxSoftTime;
        return this;
    }

    /**
     * Sets {@link Limits#inboxMessages()}.
     *
     * @param inboxMessages messages
     * @return this
     */
    public LimitsBuilder inboxMessages(int inboxMessages) {
        this.inboxMessages = inboxMessages;
        return this;
    }

    /**
     * Sets {@link Limits#inboxBytes()}.
     *
     * @param inboxBytes bytes
     * @return this
     */
    public LimitsBuilder inboxBytes(int inboxBytes) {
        this.inboxBytes = inboxBytes;
        return this;
    }

    /**
     * Sets {@link Limits#messagesPerSecond()}.
     *
     * @param messagesPerSecond messages and pings, or {@link Limits#UNLIMITED}
     * @return this
     */
    public LimitsBuilder messagesPerSecond(int messagesPerSecond) {
        this.messagesPerSecond = messagesPerSecond;
        return this;
    }

    /**
     * Sets {@link Limits#writeTimeout()}.
     *
     * @param writeTimeout positive
     * @return this
     */
    public LimitsBuilder writeTimeout(Duration writeTimeout) {
        this.writeTimeout = writeTimeout;
        return this;
    }

    /**
     * Sets {@link Limits#closeTimeout()}.
     *
     * @param closeTimeout positive
     * @return this
     */
    public LimitsBuilder closeTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
        return this;
    }

    /**
     * Sets {@link Limits#handshakeBytes()}.
     *
     * @param handshakeBytes bytes
     * @return this
     */
    public LimitsBuilder handshakeBytes(int handshakeBytes) {
        this.handshakeBytes = handshakeBytes;
        return this;
    }

    /**
     * Sets {@link Limits#handshakeTimeout()}.
     *
     * @param handshakeTimeout positive
     * @return this
     */
    public LimitsBuilder handshakeTimeout(Duration handshakeTimeout) {
        this.handshakeTimeout = handshakeTimeout;
        return this;
    }

    /**
     * Sets {@link Limits#authenticationTimeout()}.
     *
     * @param authenticationTimeout positive
     * @return this
     */
    public LimitsBuilder authenticationTimeout(Duration authenticationTimeout) {
        this.authenticationTimeout = authenticationTimeout;
        return this;
    }

    /**
     * Sets {@link Limits#pendingHandshakes()}.
     *
     * @param pendingHandshakes handshakes
     * @return this
     */
    public LimitsBuilder pendingHandshakes(int pendingHandshakes) {
        this.pendingHandshakes = pendingHandshakes;
        return this;
    }

    /**
     * Sets {@link Limits#maxConnections()}.
     *
     * @param maxConnections connections, or {@link Limits#UNLIMITED}
     * @return this
     */
    public LimitsBuilder maxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
        return this;
    }

    /**
     * Sets {@link Limits#maxConnectionsPerAddress()}.
     *
     * @param maxConnectionsPerAddress connections, or {@link Limits#UNLIMITED}
     * @return this
     */
    public LimitsBuilder maxConnectionsPerAddress(int maxConnectionsPerAddress) {
        this.maxConnectionsPerAddress = maxConnectionsPerAddress;
        return this;
    }

    /**
     * Sets {@link Limits#maxConnectionsPerUser()}.
     *
     * @param maxConnectionsPerUser connections, or {@link Limits#UNLIMITED}
     * @return this
     */
    public LimitsBuilder maxConnectionsPerUser(int maxConnectionsPerUser) {
        this.maxConnectionsPerUser = maxConnectionsPerUser;
        return this;
    }

    /**
     * Sets {@link Limits#maxSockets()}.
     *
     * @param maxSockets sockets, or {@link Limits#UNLIMITED}
     * @return this
     */
    public LimitsBuilder maxSockets(int maxSockets) {
        this.maxSockets = maxSockets;
        return this;
    }

    /**
     * Sets {@link Limits#eventBuffer()}.
     *
     * @param eventBuffer events
     * @return this
     */
    public LimitsBuilder eventBuffer(int eventBuffer) {
        this.eventBuffer = eventBuffer;
        return this;
    }

    /**
     * Sets {@link Limits#callbackThreads()}.
     *
     * @param callbackThreads threads
     * @return this
     */
    public LimitsBuilder callbackThreads(int callbackThreads) {
        this.callbackThreads = callbackThreads;
        return this;
    }

    /**
     * Makes the limits.
     *
     * @return the limits
     * @throws IllegalArgumentException if one is not positive
     */
    public Limits build() {
        return new Limits(
                maxMessageBytes,
                maxFrameBytes,
                maxFragments,
                maxTopicBytes,
                maxTopics,
                maxUserIdBytes,
                outboxBytes,
                outboxMessages,
                outboxAge,
                outboxSoftBytes,
                outboxSoftTime,
                inboxMessages,
                inboxBytes,
                messagesPerSecond,
                writeTimeout,
                closeTimeout,
                handshakeBytes,
                handshakeTimeout,
                authenticationTimeout,
                pendingHandshakes,
                maxConnections,
                maxConnectionsPerAddress,
                maxConnectionsPerUser,
                maxSockets,
                eventBuffer,
                callbackThreads);
    }
}
