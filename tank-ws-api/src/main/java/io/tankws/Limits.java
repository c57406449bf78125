package io.tankws;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Every bound of the library, with its default. Sizes are bytes of payload, counts are per client unless said
 * otherwise. The README lists what happens at each bound.
 *
 * <p>Each limit has one owner, its {@link Limit.Scope}: a manager, a server, or for calls of user code the one that calls.
 * Limits know which of them were set explicitly. A server does not start, and takes no path, if a limit is set explicitly
 * where it would have no effect and its value is not the one in effect. So the same limits may be given to a manager and to
 * its server, and limits that name a bound of the other one cannot be ignored silently.
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
 *     heap, {@code maxMessageBytes} at least; above it, close 1013 for the client that sends more
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
 * @param maxConnections connections of one manager, handshakes under decision and closing connections included: {@link
 *     #UNLIMITED}; above it, status 503
 * @param maxConnectionsPerAddress of these, from one IPv4 address or one IPv6 network of 64 bits: {@link #UNLIMITED}; above
 *     it, status 429. As many closing connections again do not count
 * @param maxConnectionsPerUser of these, of one user id: {@link #UNLIMITED}; above it, the {@link UserLimitPolicy}. As many
 *     closing connections again do not count
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
 * @param named the limits that were set explicitly; all others have their defaults
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
        int partialMessageBytes,
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
        int maxAbandonedCalls,
        Set<Limit> named) {
    /** No bound. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks that each bound is positive, each time at most a year, {@code pendingHandshakeBytes} no less than
     * {@code handshakeBytes}, and {@code partialMessageBytes} no less than {@code maxMessageBytes}.
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
     * @param named {@link #named()}
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
        if (pendingHandshakeBytes < handshakeBytes) {
            throw new IllegalArgumentException("pendingHandshakeBytes must be at least handshakeBytes, "
                    + handshakeBytes + ", but was " + pendingHandshakeBytes);
        }
        if (partialMessageBytes < maxMessageBytes) {
            throw new IllegalArgumentException("partialMessageBytes must be at least maxMessageBytes, "
                    + maxMessageBytes + ", but was " + partialMessageBytes);
        }
        named = copyOf(named);
    }

    /** An enum set, so that looking for what is named costs nothing where nothing is. */
    private static Set<Limit> copyOf(Collection<Limit> limits) {
        Set<Limit> copy = EnumSet.noneOf(Limit.class);
        copy.addAll(limits);
        return Collections.unmodifiableSet(copy);
    }

    Limits(LimitsBuilder builder) {
        this(
                builder.number(Limit.MAX_MESSAGE_BYTES),
                builder.number(Limit.MAX_FRAME_BYTES),
                builder.number(Limit.MAX_FRAGMENTS),
                builder.number(Limit.MAX_TOPIC_BYTES),
                builder.number(Limit.MAX_TOPICS),
                builder.number(Limit.MAX_USER_ID_BYTES),
                builder.number(Limit.OUTBOX_BYTES),
                builder.number(Limit.OUTBOX_MESSAGES),
                builder.time(Limit.OUTBOX_AGE),
                builder.number(Limit.OUTBOX_SOFT_BYTES),
                builder.time(Limit.OUTBOX_SOFT_TIME),
                builder.number(Limit.INBOX_MESSAGES),
                builder.number(Limit.INBOX_BYTES),
                builder.number(Limit.PARTIAL_MESSAGE_BYTES),
                builder.number(Limit.MESSAGES_PER_SECOND),
                builder.time(Limit.WRITE_TIMEOUT),
                builder.time(Limit.CLOSE_TIMEOUT),
                builder.number(Limit.HANDSHAKE_BYTES),
                builder.number(Limit.PENDING_HANDSHAKE_BYTES),
                builder.time(Limit.HANDSHAKE_TIMEOUT),
                builder.time(Limit.AUTHENTICATION_TIMEOUT),
                builder.number(Limit.PENDING_HANDSHAKES),
                builder.number(Limit.MAX_CONNECTIONS),
                builder.number(Limit.MAX_CONNECTIONS_PER_ADDRESS),
                builder.number(Limit.MAX_CONNECTIONS_PER_USER),
                builder.number(Limit.MAX_SOCKETS),
                builder.number(Limit.EVENT_BUFFER),
                builder.number(Limit.CALLBACK_THREADS),
                builder.number(Limit.MAX_ABANDONED_CALLS),
                builder.named());
    }

    /** Returns a quarter of the largest heap, but at least one message. */
    static int defaultPartialMessageBytes() {
        return (int)
                Math.min(UNLIMITED, Math.max(64 * 1024, Runtime.getRuntime().maxMemory() / 4));
    }

    static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (Objects.requireNonNull(value, name).isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be positive and at most a year, but was " + value);
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
     * Returns these limits with those that others name.
     *
     * @param changes its {@link #named()} values replace those of this
     * @return limits that name what either of the two names
     */
    public Limits with(Limits changes) {
        return changes.named.isEmpty()
                ? this
                : new LimitsBuilder().addAll(this).addAll(changes).build();
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
