package io.tankws;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one {@link Manager}: of all its clients together, and of its calls of user code. The limits of each
 * single client are {@link ClientLimits}; the limits of sockets and of request heads are {@link ServerLimits}.
 * Immutable.
 *
 * <p>This file is longer than 400 lines because each limit is described where it is set.
 */
public final class ManagerLimits {
    /** The least default of {@code partialMessageBytes}: one message of the default {@code maxMessageBytes}. */
    private static final int MIN_DEFAULT_PARTIAL_BYTES = 64 * 1024;

    private static final ManagerLimits DEFAULTS = builder().build();

    private final int maxConnections;
    private final int maxConnectionsPerAddress;
    private final int maxUserIdBytes;
    private final int partialMessageBytes;
    private final int eventBuffer;
    private final CallLimits calls;
    private final int maxHistoryBytes;
    private final int maxTopicsWithHistory;
    private final Duration historyMetadataTtl;
    private final Duration positionCheckInterval;
    private final int maxIdempotencyKeys;
    private final Duration authorizationTimeout;
    private final Duration loginTimeout;
    private final int maxPresenceMembers;
    private final int maxPendingLeaves;

    private ManagerLimits(Builder builder) {
        maxConnections = Limits.checked("maxConnections", builder.maxConnections);
        maxConnectionsPerAddress = Limits.checked("maxConnectionsPerAddress", builder.maxConnectionsPerAddress);
        maxUserIdBytes = Limits.checked("maxUserIdBytes", builder.maxUserIdBytes);
        partialMessageBytes = Limits.checked("partialMessageBytes", builder.partialMessageBytes);
        eventBuffer = Limits.checked("eventBuffer", builder.eventBuffer);
        calls = builder.calls.build();
        maxHistoryBytes = Limits.checked("maxHistoryBytes", builder.maxHistoryBytes);
        maxTopicsWithHistory = Limits.checked("maxTopicsWithHistory", builder.maxTopicsWithHistory);
        historyMetadataTtl = Limits.checked("historyMetadataTtl", builder.historyMetadataTtl);
        positionCheckInterval = Limits.checked("positionCheckInterval", builder.positionCheckInterval);
        maxIdempotencyKeys = Limits.checked("maxIdempotencyKeys", builder.maxIdempotencyKeys);
        authorizationTimeout = Limits.checked("authorizationTimeout", builder.authorizationTimeout);
        loginTimeout = Limits.checked("loginTimeout", builder.loginTimeout);
        maxPresenceMembers = Limits.checked("maxPresenceMembers", builder.maxPresenceMembers);
        maxPendingLeaves = Limits.checked("maxPendingLeaves", builder.maxPendingLeaves);
    }

    /** {@return the limits of a manager that sets none} */
    public static ManagerLimits defaults() {
        return DEFAULTS;
    }

    /** {@return a builder that starts from the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts from these limits} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxConnections = maxConnections;
        builder.maxConnectionsPerAddress = maxConnectionsPerAddress;
        builder.maxUserIdBytes = maxUserIdBytes;
        builder.partialMessageBytes = partialMessageBytes;
        builder.eventBuffer = eventBuffer;
        builder.calls = calls.toBuilder();
        builder.maxHistoryBytes = maxHistoryBytes;
        builder.maxTopicsWithHistory = maxTopicsWithHistory;
        builder.historyMetadataTtl = historyMetadataTtl;
        builder.positionCheckInterval = positionCheckInterval;
        builder.maxIdempotencyKeys = maxIdempotencyKeys;
        builder.authorizationTimeout = authorizationTimeout;
        builder.loginTimeout = loginTimeout;
        builder.maxPresenceMembers = maxPresenceMembers;
        builder.maxPendingLeaves = maxPendingLeaves;
        return builder;
    }

    /** {@return the maximum number of connections; see {@link Builder#maxConnections}} */
    public int maxConnections() {
        return maxConnections;
    }

    /** {@return the maximum number of connections of one address; see {@link Builder#maxConnectionsPerAddress}} */
    public int maxConnectionsPerAddress() {
        return maxConnectionsPerAddress;
    }

    /** {@return the maximum length of a user id in bytes of UTF-8; see {@link Builder#maxUserIdBytes}} */
    public int maxUserIdBytes() {
        return maxUserIdBytes;
    }

    /** {@return the maximum size of all incomplete messages in bytes; see {@link Builder#partialMessageBytes}} */
    public int partialMessageBytes() {
        return partialMessageBytes;
    }

    /** {@return the maximum number of events that wait for a subscriber; see {@link Builder#eventBuffer}} */
    public int eventBuffer() {
        return eventBuffer;
    }

    /** {@return the maximum time to decide on a handshake; see {@link Builder#authenticationTimeout}} */
    public Duration authenticationTimeout() {
        return calls.authenticationTimeout();
    }

    /** {@return the maximum time to decide on an action on a topic; see {@link Builder#authorizationTimeout}} */
    public Duration authorizationTimeout() {
        return authorizationTimeout;
    }

    /** {@return the maximum time to authenticate after the handshake; see {@link Builder#loginTimeout}} */
    public Duration loginTimeout() {
        return loginTimeout;
    }

    /** {@return the maximum number of undecided handshakes; see {@link Builder#pendingHandshakes}} */
    public int pendingHandshakes() {
        return calls.pendingHandshakes();
    }

    /** {@return the maximum number of platform threads for a kind of user code; see {@link Builder#callbackThreads}} */
    public int callbackThreads() {
        return calls.callbackThreads();
    }

    /** {@return the maximum number of abandoned calls; see {@link Builder#maxAbandonedCalls}} */
    public int maxAbandonedCalls() {
        return calls.maxAbandonedCalls();
    }

    /** {@return the maximum size of all histories in bytes; see {@link Builder#maxHistoryBytes}} */
    public int maxHistoryBytes() {
        return maxHistoryBytes;
    }

    /** {@return the maximum number of topics with a history; see {@link Builder#maxTopicsWithHistory}} */
    public int maxTopicsWithHistory() {
        return maxTopicsWithHistory;
    }

    /** {@return the time after which an unused stream ends; see {@link Builder#historyMetadataTtl}} */
    public Duration historyMetadataTtl() {
        return historyMetadataTtl;
    }

    /** {@return the interval of position checks of a node; see {@link Builder#positionCheckInterval}} */
    public Duration positionCheckInterval() {
        return positionCheckInterval;
    }

    /** {@return the maximum number of idempotency keys; see {@link Builder#maxIdempotencyKeys}} */
    public int maxIdempotencyKeys() {
        return maxIdempotencyKeys;
    }

    /** {@return the maximum number of members in an answer; see {@link Builder#maxPresenceMembers}} */
    public int maxPresenceMembers() {
        return maxPresenceMembers;
    }

    /** {@return the maximum number of members whose connection has ended; see {@link Builder#maxPendingLeaves}} */
    public int maxPendingLeaves() {
        return maxPendingLeaves;
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("maxConnections", maxConnections);
        values.put("maxConnectionsPerAddress", maxConnectionsPerAddress);
        values.put("maxUserIdBytes", maxUserIdBytes);
        values.put("partialMessageBytes", partialMessageBytes);
        values.put("eventBuffer", eventBuffer);
        values.putAll(calls.values());
        values.put("maxHistoryBytes", maxHistoryBytes);
        values.put("maxTopicsWithHistory", maxTopicsWithHistory);
        values.put("historyMetadataTtl", historyMetadataTtl);
        values.put("positionCheckInterval", positionCheckInterval);
        values.put("maxIdempotencyKeys", maxIdempotencyKeys);
        values.put("authorizationTimeout", authorizationTimeout);
        values.put("loginTimeout", loginTimeout);
        values.put("maxPresenceMembers", maxPresenceMembers);
        values.put("maxPendingLeaves", maxPendingLeaves);
        return values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagerLimits limits && values().equals(limits.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** Returns all limits by name. */
    @Override
    public String toString() {
        return "ManagerLimits" + values();
    }

    /** Collects the limits of a manager. Not thread-safe. */
    public static final class Builder {
        private int maxConnections = Limits.UNLIMITED;
        private int maxConnectionsPerAddress = Limits.UNLIMITED;
        private int maxUserIdBytes = 255;
        private int partialMessageBytes = (int) Math.min(
                Integer.MAX_VALUE,
                Math.max(MIN_DEFAULT_PARTIAL_BYTES, Runtime.getRuntime().maxMemory() / 4));
        private int eventBuffer = 1024;
        private CallLimits.Builder calls = new CallLimits.Builder();
        private int maxHistoryBytes = 64 * 1024 * 1024;
        private int maxTopicsWithHistory = 10_000;
        private Duration historyMetadataTtl = Duration.ofDays(30);
        private Duration positionCheckInterval = Duration.ofSeconds(15);
        private int maxIdempotencyKeys = 100_000;
        private Duration authorizationTimeout = Duration.ofSeconds(10);
        private Duration loginTimeout = Duration.ofSeconds(15);
        private int maxPresenceMembers = 1000;
        private int maxPendingLeaves = 10_000;

        private Builder() {}

        /**
         * Configures how many connections the manager holds, undecided handshakes and closing connections included. The
         * default is {@link Limits#UNLIMITED}. When that many exist, each new handshake gets status 503.
         *
         * @param connections a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxConnections(int connections) {
            maxConnections = connections;
            return this;
        }

        /**
         * Configures how many of {@link #maxConnections} may come from one IPv4 address or one IPv6 network of 64 bits.
         * The default is {@link Limits#UNLIMITED}. When that many exist, each new handshake from there gets status 429.
         * The same number of closing connections does not count.
         *
         * @param connections a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxConnectionsPerAddress(int connections) {
            maxConnectionsPerAddress = connections;
            return this;
        }

        /**
         * Configures how long the {@code user_id} of a handshake may be. The default is 255 bytes. A longer one gets
         * status 400.
         *
         * @param bytes a positive number of bytes of UTF-8, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxUserIdBytes(int bytes) {
            maxUserIdBytes = bytes;
            return this;
        }

        /**
         * Configures how many bytes of incomplete messages of all clients the manager holds in total. The default is a
         * quarter of the maximum heap, and at least {@link ClientLimits#maxMessageBytes()}. When they are in use, a
         * client that sends more of an incomplete message is closed with 1013.
         *
         * @param bytes a positive number of bytes, at least {@link ClientLimits#maxMessageBytes()}, or
         *     {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder partialMessageBytes(int bytes) {
            partialMessageBytes = bytes;
            return this;
        }

        /**
         * Configures how many events wait for one subscriber of {@link Manager#errors()}, {@link
         * Manager#connectionEvents()} or {@link Manager#presenceEvents()}. The default is 1024. When that many wait,
         * new events are lost to that subscriber, and {@link Statistics#eventsLost()} counts them.
         *
         * @param events a positive number
         * @return this
         */
        public Builder eventBuffer(int events) {
            eventBuffer = events;
            return this;
        }

        /**
         * Configures how long origin rule and authenticator may take together to decide on a handshake. The default
         * is 10 seconds. When the time is over, the handshake gets status 503 and the call is interrupted.
         *
         * @param timeout positive, at most 365 days
         * @return this
         */
        public Builder authenticationTimeout(Duration timeout) {
            calls.authenticationTimeout = timeout;
            return this;
        }

        /**
         * Configures how long a {@link TopicAuthorizer} may take to decide on a request. The default is 10 seconds.
         * When the time is over, the action is denied and the call is interrupted.
         *
         * @param timeout positive, at most 365 days
         * @return this
         */
        public Builder authorizationTimeout(Duration timeout) {
            authorizationTimeout = timeout;
            return this;
        }

        /**
         * Configures how long a client may take to authenticate after the handshake, on routes whose {@link
         * io.tankws.spi.ClientProtocol} authenticates with a message. The default is 15 seconds. When the time is over,
         * the connection is closed.
         *
         * @param timeout positive, at most 365 days
         * @return this
         */
        public Builder loginTimeout(Duration timeout) {
            loginTimeout = timeout;
            return this;
        }

        /**
         * Configures how many handshakes may wait for the decision of user code. The default is 1024. When that many
         * wait, each new handshake that needs user code gets status 503.
         *
         * @param handshakes a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder pendingHandshakes(int handshakes) {
            calls.pendingHandshakes = handshakes;
            return this;
        }

        /**
         * Configures how many platform threads run each kind of user code: authenticators and origin rules, topic
         * authorizers, message handlers, event subscribers, and actions that depend on a publish. The default is 256
         * for each kind. When all of a kind are busy, further calls wait; from Java 21 on, virtual threads run these
         * calls.
         *
         * @param threads a positive number
         * @return this
         */
        public Builder callbackThreads(int threads) {
            calls.callbackThreads = threads;
            return this;
        }

        /**
         * Configures how many calls of origin rules and authenticators may still run after {@link
         * #authenticationTimeout}, and how many of the topic authorizer after {@link #authorizationTimeout}. The
         * default is 256. An additional thread replaces the thread of each such call. When that many calls run, each
         * new handshake that needs user code gets status 503, or each action on a topic is denied.
         *
         * @param calls a positive number
         * @return this
         */
        public Builder maxAbandonedCalls(int calls) {
            this.calls.maxAbandonedCalls = calls;
            return this;
        }

        /**
         * Configures how many bytes the histories of all topics have in memory together. A publication counts with
         * its payload, tags and publisher, and a constant for its objects. The default is 64 MiB. When a new
         * publication exceeds it, the histories of the topics that were used least recently are evicted, and these
         * topics have new epochs. Histories in the database of a cluster do not count.
         *
         * @param bytes a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxHistoryBytes(int bytes) {
            maxHistoryBytes = bytes;
            return this;
        }

        /**
         * Configures how many topics have a history in memory. The default is 10 000. When that many have one, the
         * first publication of a further topic evicts the history of the topic that was used least recently, which
         * then has a new epoch.
         *
         * @param topics a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxTopicsWithHistory(int topics) {
            maxTopicsWithHistory = topics;
            return this;
        }

        /**
         * Configures for how long the epoch and the top offset of a topic are kept after the last publication to its
         * history or the last read of it. The default is 30 days. When that time has passed, the history ends, and
         * the topic has a new epoch.
         *
         * @param ttl positive, at most 365 days
         * @return this
         */
        public Builder historyMetadataTtl(Duration ttl) {
            historyMetadataTtl = ttl;
            return this;
        }

        /**
         * Configures how often a node compares its position in each topic with subscribers with the history. The
         * default is 15 seconds. In a cluster, a topic without a publication for that time is read once, whatever the
         * number of its subscribers. A publication that was lost at the end of a burst is noticed within two
         * intervals, read from the history, and delivered. Without a cluster, the check notices within two intervals
         * that a history was evicted or has ended, and it counts as a use of the history.
         *
         * @param interval positive, at most 365 days
         * @return this
         */
        public Builder positionCheckInterval(Duration interval) {
            positionCheckInterval = interval;
            return this;
        }

        /**
         * Configures how many idempotency keys are remembered, each for 5 minutes. The default is 100 000. When that
         * many are remembered, the oldest key is forgotten early, and a repetition with that key is published. In a
         * cluster with a database, each node counts the keys that it has written there.
         *
         * @param keys a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxIdempotencyKeys(int keys) {
            maxIdempotencyKeys = keys;
            return this;
        }

        /**
         * Configures how many members the answer to {@link PresenceView#presence} lists. The default is 1000. When
         * more members are present, the answer is marked with {@link Presence#hasMore()}.
         *
         * @param members a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxPresenceMembers(int members) {
            maxPresenceMembers = members;
            return this;
        }

        /**
         * Configures how many members of all topics may stay present for {@link TopicOptions#leaveGrace()} after their
         * connections have ended. The default is 10 000. When one more connection ends, the member that has waited
         * longest leaves at once.
         *
         * @param members a positive number
         * @return this
         */
        public Builder maxPendingLeaves(int members) {
            maxPendingLeaves = members;
            return this;
        }

        /**
         * Creates the limits.
         *
         * @return immutable limits
         * @throws IllegalArgumentException if a number or a duration is out of its range
         */
        public ManagerLimits build() {
            return new ManagerLimits(this);
        }
    }
}
