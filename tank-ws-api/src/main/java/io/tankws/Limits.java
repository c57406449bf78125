package io.tankws;

import java.time.Duration;
import java.util.Objects;

/**
 * Every bound of the library, with its default. Sizes are bytes of payload, counts are per client unless said
 * otherwise. What happens at each bound is told where the README lists them.
 *
 * @param maxMessageBytes largest message that a client may send: 64 KiB; above it, close 1009
 * @param maxFragments most fragments that one message of a client may have: 1024; above it, close 1009
 * @param maxTopicBytes longest topic in UTF-8: 255; above it, error 1008
 * @param maxTopics most topics that one client may subscribe to: 128; above it, error 1009
 * @param maxUserIdBytes longest {@code user_id} in UTF-8: 255; above it, status 400
 * @param outboxBytes frame bytes that may wait for one client: 1 MiB; above it, the {@link OverflowPolicy}
 * @param outboxMessages messages that may wait for one client: 1024; above it, the {@link OverflowPolicy}
 * @param inboxMessages messages of one client that may wait for a {@link MessageHandler}: 64; above it, the socket is
 *     not read
 * @param inboxBytes bytes of one client that may wait for a {@link MessageHandler}: 256 KiB; above it, the socket is
 *     not read
 * @param writeTimeout how long one write to a client may make no end: 10 s; then it is cut off
 * @param closeTimeout how long a peer may take to answer a close frame: 5 s; then it is cut off
 * @param handshakeBytes largest request head of a server: 8 KiB; above it, status 431
 * @param handshakeTimeout how long a peer may take to send its request head: 10 s; then it is cut off
 * @param authenticationTimeout how long origin rule and authenticator may take together: 10 s; then status 503
 * @param pendingHandshakes handshakes of one manager that may be under decision at once: 1024; above it, status 503
 * @param eventBuffer events that may wait for one subscriber of {@link Manager#errors()} or
 *     {@link Manager#connectionEvents()}: 1024; above it, new ones are lost to it, and counted
 * @param callbackThreads most threads of one manager for user code on Java 17 to 20: 256; later Javas use virtual threads
 */
public record Limits(
        int maxMessageBytes,
        int maxFragments,
        int maxTopicBytes,
        int maxTopics,
        int maxUserIdBytes,
        int outboxBytes,
        int outboxMessages,
        int inboxMessages,
        int inboxBytes,
        Duration writeTimeout,
        Duration closeTimeout,
        int handshakeBytes,
        Duration handshakeTimeout,
        Duration authenticationTimeout,
        int pendingHandshakes,
        int eventBuffer,
        int callbackThreads) {
    /**
     * Checks that each bound is positive.
     *
     * @throws IllegalArgumentException if one is not
     */
    public Limits {
        positive("maxMessageBytes", maxMessageBytes);
        positive("maxFragments", maxFragments);
        positive("maxTopicBytes", maxTopicBytes);
        positive("maxTopics", maxTopics);
        positive("maxUserIdBytes", maxUserIdBytes);
        positive("outboxBytes", outboxBytes);
        positive("outboxMessages", outboxMessages);
        positive("inboxMessages", inboxMessages);
        positive("inboxBytes", inboxBytes);
        positive("writeTimeout", writeTimeout);
        positive("closeTimeout", closeTimeout);
        positive("handshakeBytes", handshakeBytes);
        positive("handshakeTimeout", handshakeTimeout);
        positive("authenticationTimeout", authenticationTimeout);
        positive("pendingHandshakes", pendingHandshakes);
        positive("eventBuffer", eventBuffer);
        positive("callbackThreads", callbackThreads);
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (Objects.requireNonNull(value, name).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
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
    public static Builder builder() {
        return new Builder();
    }

    /** Changes some of the defaults. Not thread-safe. */
    public static final class Builder {
        private int maxMessageBytes = 64 * 1024;
        private int maxFragments = 1024;
        private int maxTopicBytes = 255;
        private int maxTopics = 128;
        private int maxUserIdBytes = 255;
        private int outboxBytes = 1024 * 1024;
        private int outboxMessages = 1024;
        private int inboxMessages = 64;
        private int inboxBytes = 256 * 1024;
        private Duration writeTimeout = Duration.ofSeconds(10);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private int handshakeBytes = 8 * 1024;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration authenticationTimeout = Duration.ofSeconds(10);
        private int pendingHandshakes = 1024;
        private int eventBuffer = 1024;
        private int callbackThreads = 256;

        private Builder() {}

        /**
         * Sets {@link Limits#maxMessageBytes()}.
         *
         * @param maxMessageBytes bytes
         * @return this
         */
        public Builder maxMessageBytes(int maxMessageBytes) {
            this.maxMessageBytes = maxMessageBytes;
            return this;
        }

        /**
         * Sets {@link Limits#maxFragments()}.
         *
         * @param maxFragments fragments
         * @return this
         */
        public Builder maxFragments(int maxFragments) {
            this.maxFragments = maxFragments;
            return this;
        }

        /**
         * Sets {@link Limits#maxTopicBytes()}.
         *
         * @param maxTopicBytes bytes
         * @return this
         */
        public Builder maxTopicBytes(int maxTopicBytes) {
            this.maxTopicBytes = maxTopicBytes;
            return this;
        }

        /**
         * Sets {@link Limits#maxTopics()}.
         *
         * @param maxTopics topics
         * @return this
         */
        public Builder maxTopics(int maxTopics) {
            this.maxTopics = maxTopics;
            return this;
        }

        /**
         * Sets {@link Limits#maxUserIdBytes()}.
         *
         * @param maxUserIdBytes bytes
         * @return this
         */
        public Builder maxUserIdBytes(int maxUserIdBytes) {
            this.maxUserIdBytes = maxUserIdBytes;
            return this;
        }

        /**
         * Sets {@link Limits#outboxBytes()}.
         *
         * @param outboxBytes bytes
         * @return this
         */
        public Builder outboxBytes(int outboxBytes) {
            this.outboxBytes = outboxBytes;
            return this;
        }

        /**
         * Sets {@link Limits#outboxMessages()}.
         *
         * @param outboxMessages messages
         * @return this
         */
        public Builder outboxMessages(int outboxMessages) {
            this.outboxMessages = outboxMessages;
            return this;
        }

        /**
         * Sets {@link Limits#inboxMessages()}.
         *
         * @param inboxMessages messages
         * @return this
         */
        public Builder inboxMessages(int inboxMessages) {
            this.inboxMessages = inboxMessages;
            return this;
        }

        /**
         * Sets {@link Limits#inboxBytes()}.
         *
         * @param inboxBytes bytes
         * @return this
         */
        public Builder inboxBytes(int inboxBytes) {
            this.inboxBytes = inboxBytes;
            return this;
        }

        /**
         * Sets {@link Limits#writeTimeout()}.
         *
         * @param writeTimeout positive
         * @return this
         */
        public Builder writeTimeout(Duration writeTimeout) {
            this.writeTimeout = writeTimeout;
            return this;
        }

        /**
         * Sets {@link Limits#closeTimeout()}.
         *
         * @param closeTimeout positive
         * @return this
         */
        public Builder closeTimeout(Duration closeTimeout) {
            this.closeTimeout = closeTimeout;
            return this;
        }

        /**
         * Sets {@link Limits#handshakeBytes()}.
         *
         * @param handshakeBytes bytes
         * @return this
         */
        public Builder handshakeBytes(int handshakeBytes) {
            this.handshakeBytes = handshakeBytes;
            return this;
        }

        /**
         * Sets {@link Limits#handshakeTimeout()}.
         *
         * @param handshakeTimeout positive
         * @return this
         */
        public Builder handshakeTimeout(Duration handshakeTimeout) {
            this.handshakeTimeout = handshakeTimeout;
            return this;
        }

        /**
         * Sets {@link Limits#authenticationTimeout()}.
         *
         * @param authenticationTimeout positive
         * @return this
         */
        public Builder authenticationTimeout(Duration authenticationTimeout) {
            this.authenticationTimeout = authenticationTimeout;
            return this;
        }

        /**
         * Sets {@link Limits#pendingHandshakes()}.
         *
         * @param pendingHandshakes handshakes
         * @return this
         */
        public Builder pendingHandshakes(int pendingHandshakes) {
            this.pendingHandshakes = pendingHandshakes;
            return this;
        }

        /**
         * Sets {@link Limits#eventBuffer()}.
         *
         * @param eventBuffer events
         * @return this
         */
        public Builder eventBuffer(int eventBuffer) {
            this.eventBuffer = eventBuffer;
            return this;
        }

        /**
         * Sets {@link Limits#callbackThreads()}.
         *
         * @param callbackThreads threads
         * @return this
         */
        public Builder callbackThreads(int callbackThreads) {
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
                    maxFragments,
                    maxTopicBytes,
                    maxTopics,
                    maxUserIdBytes,
                    outboxBytes,
                    outboxMessages,
                    inboxMessages,
                    inboxBytes,
                    writeTimeout,
                    closeTimeout,
                    handshakeBytes,
                    handshakeTimeout,
                    authenticationTimeout,
                    pendingHandshakes,
                    eventBuffer,
                    callbackThreads);
        }
    }
}
