package io.tankws;

import java.time.Duration;
import java.util.Objects;

/**
 * Every bound of the library, with its default. Sizes are bytes of payload, counts are per client unless said
 * otherwise. What happens at each bound is told where the README lists them.
 *
 * @param maxMessageBytes largest message that a client may send: 64 KiB; above it, close 1009
 * @param maxFrameBytes largest frame that a client may send: {@link #UNLIMITED}, so as large as a message; above it, close
 *     1009
 * @param maxFragments most fragments that one message of a client may have: 1024; above it, close 1009
 * @param maxTopicBytes longest topic in UTF-8: 255; above it, error 1008
 * @param maxTopics most topics that one client may subscribe to: 128; above it, error 1009
 * @param maxUserIdBytes longest {@code user_id} in UTF-8: 255; above it, status 400
 * @param outboxBytes frame bytes that may wait for one client: 1 MiB; above it, the {@link OverflowPolicy}
 * @param outboxMessages messages that may wait for one client: 1024; above it, the {@link OverflowPolicy}
 * @param outboxAge how long a message may wait for one client: 10 s; after it, the {@link OverflowPolicy}
 * @param outboxSoftBytes frame bytes that may wait for one client for longer than {@code outboxSoftTime}: 512 KiB; above
 *     it, the {@link OverflowPolicy}
 * @param outboxSoftTime how long a client may stay above {@code outboxSoftBytes}: 5 s
 * @param inboxMessages messages of one client that may wait for a {@link MessageHandler}: 64; above it, the socket is
 *     not read
 * @param inboxBytes bytes of one client that may wait for a {@link MessageHandler}: 256 KiB; above it, the socket is
 *     not read
 * @param partialMessageBytes bytes of all messages that the clients of one manager have sent in part: a quarter of the largest
 *     heap, 64 KiB at least; above it, close 1013 for the client that sends more
 * @param messagesPerSecond messages and pings that a client may send in a second, and at once: {@link #UNLIMITED}; above it,
 *     close 1008
 * @param writeTimeout how long a client may take for each 64 KiB of a write: 10 s; then it is cut off
 * @param closeTimeout how long a peer may take to answer a close frame, and for each 64 KiB that leaves before it: 5 s; then
 *     it is cut off
 * @param handshakeBytes largest request head of a server: 8 KiB; above it, status 431
 * @param pendingHandshakeBytes bytes of all request heads that a server has received in part: 8 MiB; above it, status 503 or
 *     a closed socket for the connection that brings more
 * @param handshakeTimeout how long a peer may take to send its request head: 10 s; then it is cut off
 * @param authenticationTimeout how long origin rule and authenticator may take together: 10 s; then status 503
 * @param pendingHandshakes handshakes of one manager that may be under decision at once: 1024; above it, status 503
 * @param maxConnections connections of one manager, handshakes under decision included: {@link #UNLIMITED}; above it, status
 *     503
 * @param maxConnectionsPerAddress of these, from one IPv4 address or one IPv6 network of 64 bits: {@link #UNLIMITED}; above
 *     it, status 429
 * @param maxConnectionsPerUser of these, of one user id: {@link #UNLIMITED}; above it, status 429
 * @param maxSockets sockets of one server in any state, even before a handshake: 65536; above it, a new one is closed at
 *     once
 * @param eventBuffer events that may wait for one subscriber of {@link Manager#errors()} or
 *     {@link Manager#connectionEvents()}: 1024; above it, new ones are lost to it, and counted
 * @param callbackThreads platform threads of one manager for each kind of user code, and of one server for each path whose
 *     handler is user code: 256; when all are busy, calls wait for one; from Java 21 on, waiting calls run on virtual threads
 *     too
 * @param maxAbandonedCalls calls of origin rules, authenticators and connection handlers that still run after
 *     {@code authenticationTimeout}, of one manager and of one path: 256; each is replaced by a further thread; above it,
 *     handshakes that need user code get status 503
 */
public record Limits(
        int maxMessageBytes,
        int maxFrameBytes,
        int maxFragments,
        int maxTopicBytes,
        int maxTopics,
        int maxUserIdBytes,
        int outboxBytes,
        int outboxMessages,
        Duration outboxAge,
        int outboxSoftBytes,
        Duration outboxSoftTime,
        int inboxMessages,
        int inboxBytes,
        long partialMessageBytes,
        int messagesPerSecond,
        Duration writeTimeout,
        Duration closeTimeout,
        int handshakeBytes,
        int pendingHandshakeBytes,
        Duration handshakeTimeout,
        Duration authenticationTimeout,
        int pendingHandshakes,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxConnectionsPerUser,
        int maxSockets,
        int eventBuffer,
        int callbackThreads,
        int maxAbandonedCalls) {
    /** No bound. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks that each bound is positive, and each time at most a year.
     *
     * @param maxMessageBytes {@link #maxMessageBytes()}
     * @param maxFrameBytes {@link #maxFrameBytes()}
     * @param maxFragments {@link #maxFragments()}
     * @param maxTopicBytes {@link #maxTopicBytes()}
     * @param maxTopics {@link #maxTopics()}
     * @param maxUserIdBytes {@link #maxUserIdBytes()}
     * @param outboxBytes {@link #outboxBytes()}
     * @param outboxMessages {@link #outboxMessages()}
     * @param outboxAge {@link #outboxAge()}
     * @param outboxSoftBytes {@link #outboxSoftBytes()}
     * @param outboxSoftTime {@link #outboxSoftTime()}
     * @param inboxMessages {@link #inboxMessages()}
     * @param inboxBytes {@link #inboxBytes()}
     * @param partialMessageBytes {@link #partialMessageBytes()}
     * @param messagesPerSecond {@link #messagesPerSecond()}
     * @param writeTimeout {@link #writeTimeout()}
     * @param closeTimeout {@link #closeTimeout()}
     * @param handshakeBytes {@link #handshakeBytes()}
     * @param pendingHandshakeBytes {@link #pendingHandshakeBytes()}
     * @param handshakeTimeout {@link #handshakeTimeout()}
     * @param authenticationTimeout {@link #authenticationTimeout()}
     * @param pendingHandshakes {@link #pendingHandshakes()}
     * @param maxConnections {@link #maxConnections()}
     * @param maxConnectionsPerAddress {@link #maxConnectionsPerAddress()}
     * @param maxConnectionsPerUser {@link #maxConnectionsPerUser()}
     * @param maxSockets {@link #maxSockets()}
     * @param eventBuffer {@link #eventBuffer()}
     * @param callbackThreads {@link #callbackThreads()}
     * @param maxAbandonedCalls {@link #maxAbandonedCalls()}
     * @throws IllegalArgumentException if one is not
     */
    public Limits {
        positive("maxMessageBytes", maxMessageBytes);
        positive("maxFrameBytes", maxFrameBytes);
        positive("maxFragments", maxFragments);
        positive("maxTopicBytes", maxTopicBytes);
        positive("maxTopics", maxTopics);
        positive("maxUserIdBytes", maxUserIdBytes);
        positive("outboxBytes", outboxBytes);
        positive("outboxMessages", outboxMessages);
        positive("outboxAge", outboxAge);
        positive("outboxSoftBytes", outboxSoftBytes);
        positive("outboxSoftTime", outboxSoftTime);
        positive("inboxMessages", inboxMessages);
        positive("inboxBytes", inboxBytes);
        positive("partialMessageBytes", partialMessageBytes);
        positive("messagesPerSecond", messagesPerSecond);
        positive("writeTimeout", writeTimeout);
        positive("closeTimeout", closeTimeout);
        positive("handshakeBytes", handshakeBytes);
        positive("pendingHandshakeBytes", pendingHandshakeBytes);
        positive("handshakeTimeout", handshakeTimeout);
        positive("authenticationTimeout", authenticationTimeout);
        positive("pendingHandshakes", pendingHandshakes);
        positive("maxConnections", maxConnections);
        positive("maxConnectionsPerAddress", maxConnectionsPerAddress);
        positive("maxConnectionsPerUser", maxConnectionsPerUser);
        positive("maxSockets", maxSockets);
        positive("eventBuffer", eventBuffer);
        positive("callbackThreads", callbackThreads);
        positive("maxAbandonedCalls", maxAbandonedCalls);
    }

    Limits(LimitsBuilder builder) {
        this(
                builder.maxMessageBytes,
                builder.maxFrameBytes,
                builder.maxFragments,
                builder.maxTopicBytes,
                builder.maxTopics,
                builder.maxUserIdBytes,
                builder.outboxBytes,
                builder.outboxMessages,
                builder.outboxAge,
                builder.outboxSoftBytes,
                builder.outboxSoftTime,
                builder.inboxMessages,
                builder.inboxBytes,
                builder.partialMessageBytes,
                builder.messagesPerSecond,
                builder.writeTimeout,
                builder.closeTimeout,
                builder.handshakeBytes,
                builder.pendingHandshakeBytes,
                builder.handshakeTimeout,
                builder.authenticationTimeout,
                builder.pendingHandshakes,
                builder.maxConnections,
                builder.maxConnectionsPerAddress,
                builder.maxConnectionsPerUser,
                builder.maxSockets,
                builder.eventBuffer,
                builder.callbackThreads,
                builder.maxAbandonedCalls);
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (Objects.requireNonNull(value, name).isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be positive and at most a year, not " + value);
        }
    }

    /**
     * Returns the defaults.
     *
     * @return the defaults
     */
    public static Limits defaults() {
        return builder().build();
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static LimitsBuilder builder() {
        return new LimitsBuilder();
    }
}
