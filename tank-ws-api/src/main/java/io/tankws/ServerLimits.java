package io.tankws;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one {@link WebSocketServer}: of its sockets, of the request heads that it reads, and of the calls of
 * handlers of the application. The limits of managers and of their clients are {@link ManagerLimits} and
 * {@link ClientLimits}. Immutable.
 */
public final class ServerLimits {
    private static final ServerLimits DEFAULTS = builder().build();

    private final int maxSockets;
    private final int handshakeBytes;
    private final int pendingHandshakeBytes;
    private final Duration handshakeTimeout;
    private final CallLimits calls;

    private ServerLimits(Builder builder) {
        maxSockets = Limits.checked("maxSockets", builder.maxSockets);
        handshakeBytes = Limits.checked("handshakeBytes", builder.handshakeBytes);
        pendingHandshakeBytes = Limits.checked("pendingHandshakeBytes", builder.pendingHandshakeBytes);
        if (pendingHandshakeBytes < handshakeBytes) {
            throw new IllegalArgumentException("pendingHandshakeBytes must be at least handshakeBytes, "
                    + handshakeBytes + ", but was " + pendingHandshakeBytes);
        }
        handshakeTimeout = Limits.checked("handshakeTimeout", builder.handshakeTimeout);
        calls = builder.calls.build();
    }

    /** {@return the limits of a server that sets none} */
    public static ServerLimits defaults() {
        return DEFAULTS;
    }

    /** {@return a builder that starts from the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts from these limits} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxSockets = maxSockets;
        builder.handshakeBytes = handshakeBytes;
        builder.pendingHandshakeBytes = pendingHandshakeBytes;
        builder.handshakeTimeout = handshakeTimeout;
        builder.calls = calls.toBuilder();
        return builder;
    }

    /** {@return the maximum number of sockets; see {@link Builder#maxSockets}} */
    public int maxSockets() {
        return maxSockets;
    }

    /** {@return the maximum size of a request head in bytes; see {@link Builder#handshakeBytes}} */
    public int handshakeBytes() {
        return handshakeBytes;
    }

    /**
     * {@return the maximum size of all incomplete request heads in bytes; see {@link Builder#pendingHandshakeBytes}}
     */
    public int pendingHandshakeBytes() {
        return pendingHandshakeBytes;
    }

    /** {@return the maximum time to receive a request head; see {@link Builder#handshakeTimeout}} */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** {@return the maximum time of a call of a handler; see {@link Builder#authenticationTimeout}} */
    public Duration authenticationTimeout() {
        return calls.authenticationTimeout();
    }

    /** {@return the maximum number of undecided handshakes of a path; see {@link Builder#pendingHandshakes}} */
    public int pendingHandshakes() {
        return calls.pendingHandshakes();
    }

    /** {@return the maximum number of platform threads of a path; see {@link Builder#callbackThreads}} */
    public int callbackThreads() {
        return calls.callbackThreads();
    }

    /** {@return the maximum number of abandoned calls of a path; see {@link Builder#maxAbandonedCalls}} */
    public int maxAbandonedCalls() {
        return calls.maxAbandonedCalls();
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("maxSockets", maxSockets);
        values.put("handshakeBytes", handshakeBytes);
        values.put("pendingHandshakeBytes", pendingHandshakeBytes);
        values.put("handshakeTimeout", handshakeTimeout);
        values.putAll(calls.values());
        return values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerLimits limits && values().equals(limits.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** Returns all limits by name. */
    @Override
    public String toString() {
        return "ServerLimits" + values();
    }

    /**
     * Collects the limits of a server. Not thread-safe.
     *
     * <p>{@link #authenticationTimeout}, {@link #pendingHandshakes}, {@link #callbackThreads} and
     * {@link #maxAbandonedCalls} apply to each path that leads to a {@link HandshakeHandler} of the application. A path
     * that leads to a {@link Manager} has the limits of that manager.
     */
    public static final class Builder {
        private int maxSockets = 64 * 1024;
        private int handshakeBytes = 8 * 1024;
        private int pendingHandshakeBytes = 8 * 1024 * 1024;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private CallLimits.Builder calls = new CallLimits.Builder();

        private Builder() {}

        /**
         * Configures how many sockets the server holds in any state, even before a handshake. The default is 65536.
         * When that many are open, the server closes each new socket at once. The in-memory transport has no sockets
         * and ignores this limit.
         *
         * @param sockets a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder maxSockets(int sockets) {
            maxSockets = sockets;
            return this;
        }

        /**
         * Configures how large the head of a request may be: request line and headers. The default is 8 KiB. A larger
         * head gets status 431.
         *
         * @param bytes a positive number of bytes, at most {@link #pendingHandshakeBytes}
         * @return this
         */
        public Builder handshakeBytes(int bytes) {
            handshakeBytes = bytes;
            return this;
        }

        /**
         * Configures how many bytes of incomplete request heads the server holds in total. The default is 8 MiB. When
         * they are in use, a connection that sends more gets status 503 or is closed. The in-memory transport ignores
         * this limit.
         *
         * @param bytes a number of bytes, at least {@link #handshakeBytes}
         * @return this
         */
        public Builder pendingHandshakeBytes(int bytes) {
            pendingHandshakeBytes = bytes;
            return this;
        }

        /**
         * Configures how long a peer may take to send its request head, TLS handshake included. The default is 10
         * seconds. When the time is over, the server disconnects the peer.
         *
         * @param timeout positive, at most 365 days
         * @return this
         */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = timeout;
            return this;
        }

        /**
         * Configures how long a handler of the application may take to decide on a handshake. The default is 10
         * seconds. When the time is over, the handshake gets status 503 and the call is interrupted.
         *
         * @param timeout positive, at most 365 days
         * @return this
         */
        public Builder authenticationTimeout(Duration timeout) {
            calls.authenticationTimeout = timeout;
            return this;
        }

        /**
         * Configures how many handshakes of one path may wait for the decision of its handler. The default is 1024.
         * When that many wait, each new handshake gets status 503.
         *
         * @param handshakes a positive number, or {@link Limits#UNLIMITED}
         * @return this
         */
        public Builder pendingHandshakes(int handshakes) {
            calls.pendingHandshakes = handshakes;
            return this;
        }

        /**
         * Configures how many platform threads call the handler of one path. The default is 256. When all of them are
         * busy, further calls wait; from Java 21 on, virtual threads run these calls.
         *
         * @param threads a positive number
         * @return this
         */
        public Builder callbackThreads(int threads) {
            calls.callbackThreads = threads;
            return this;
        }

        /**
         * Configures how many calls of the handler of one path may still run after {@link #authenticationTimeout}.
         * The default is 256. An additional thread replaces the thread of each such call. When that many calls run,
         * each new handshake of the path gets status 503.
         *
         * @param calls a positive number
         * @return this
         */
        public Builder maxAbandonedCalls(int calls) {
            this.calls.maxAbandonedCalls = calls;
            return this;
        }

        /**
         * Creates the limits.
         *
         * @return immutable limits
         * @throws IllegalArgumentException if a number or a duration is out of its range, or
         *     {@link #pendingHandshakeBytes} is less than {@link #handshakeBytes}
         */
        public ServerLimits build() {
            return new ServerLimits(this);
        }
    }
}
