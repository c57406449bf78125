package io.tankws;

import java.util.function.Function;

/**
 * The name of one bound in {@link Limits}, and who owns it. A limit takes effect where its {@link #scope()} says. A limit
 * that is set elsewhere, with another value than the one in effect, is an exception at the start of the server.
 */
public enum Limit {
    /** {@link Limits#maxMessageBytes()}. */
    MAX_MESSAGE_BYTES("maxMessageBytes", Scope.CLIENT, 64 * 1024, Limits::maxMessageBytes),
    /** {@link Limits#maxFrameBytes()}. */
    MAX_FRAME_BYTES("maxFrameBytes", Scope.CLIENT, Limits.UNLIMITED, Limits::maxFrameBytes),
    /** {@link Limits#maxFragments()}. */
    MAX_FRAGMENTS("maxFragments", Scope.CLIENT, 1024, Limits::maxFragments),
    /** {@link Limits#maxTopicBytes()}. */
    MAX_TOPIC_BYTES("maxTopicBytes", Scope.CLIENT, 255, Limits::maxTopicBytes),
    /** {@link Limits#maxTopics()}. */
    MAX_TOPICS("maxTopics", Scope.CLIENT, 128, Limits::maxTopics),
    /** {@link Limits#maxUserIdBytes()}. */
    MAX_USER_ID_BYTES("maxUserIdBytes", Scope.MANAGER, 255, Limits::maxUserIdBytes),
    /** {@link Limits#outboxBytes()}. */
    OUTBOX_BYTES("outboxBytes", Scope.CLIENT, 1024 * 1024, Limits::outboxBytes),
    /** {@link Limits#outboxMessages()}. */
    OUTBOX_MESSAGES("outboxMessages", Scope.CLIENT, 1024, Limits::outboxMessages),
    /** {@link Limits#outboxAge()}. */
    OUTBOX_AGE("outboxAge", Scope.CLIENT, Limits.seconds(10), Limits::outboxAge),
    /** {@link Limits#outboxSoftBytes()}. */
    OUTBOX_SOFT_BYTES("outboxSoftBytes", Scope.CLIENT, 512 * 1024, Limits::outboxSoftBytes),
    /** {@link Limits#outboxSoftTime()}. */
    OUTBOX_SOFT_TIME("outboxSoftTime", Scope.CLIENT, Limits.seconds(5), Limits::outboxSoftTime),
    /** {@link Limits#inboxMessages()}. */
    INBOX_MESSAGES("inboxMessages", Scope.CLIENT, 64, Limits::inboxMessages),
    /** {@link Limits#inboxBytes()}. */
    INBOX_BYTES("inboxBytes", Scope.CLIENT, 256 * 1024, Limits::inboxBytes),
    /** {@link Limits#partialMessageBytes()}. */
    PARTIAL_MESSAGE_BYTES(
            "partialMessageBytes", Scope.MANAGER, Limits.defaultPartialMessageBytes(), Limits::partialMessageBytes),
    /** {@link Limits#messagesPerSecond()}. */
    MESSAGES_PER_SECOND("messagesPerSecond", Scope.CLIENT, Limits.UNLIMITED, Limits::messagesPerSecond),
    /** {@link Limits#writeTimeout()}. */
    WRITE_TIMEOUT("writeTimeout", Scope.CLIENT, Limits.seconds(10), Limits::writeTimeout),
    /** {@link Limits#closeTimeout()}. */
    CLOSE_TIMEOUT("closeTimeout", Scope.CLIENT, Limits.seconds(5), Limits::closeTimeout),
    /** {@link Limits#handshakeBytes()}. */
    HANDSHAKE_BYTES("handshakeBytes", Scope.SERVER, 8 * 1024, Limits::handshakeBytes),
    /** {@link Limits#pendingHandshakeBytes()}. */
    PENDING_HANDSHAKE_BYTES("pendingHandshakeBytes", Scope.SERVER, 8 * 1024 * 1024, Limits::pendingHandshakeBytes),
    /** {@link Limits#handshakeTimeout()}. */
    HANDSHAKE_TIMEOUT("handshakeTimeout", Scope.SERVER, Limits.seconds(10), Limits::handshakeTimeout),
    /** {@link Limits#authenticationTimeout()}. */
    AUTHENTICATION_TIMEOUT("authenticationTimeout", Scope.CALL, Limits.seconds(10), Limits::authenticationTimeout),
    /** {@link Limits#pendingHandshakes()}. */
    PENDING_HANDSHAKES("pendingHandshakes", Scope.CALL, 1024, Limits::pendingHandshakes),
    /** {@link Limits#maxConnections()}. */
    MAX_CONNECTIONS("maxConnections", Scope.MANAGER, Limits.UNLIMITED, Limits::maxConnections),
    /** {@link Limits#maxConnectionsPerAddress()}. */
    MAX_CONNECTIONS_PER_ADDRESS(
            "maxConnectionsPerAddress", Scope.MANAGER, Limits.UNLIMITED, Limits::maxConnectionsPerAddress),
    /** {@link Limits#maxConnectionsPerUser()}. */
    MAX_CONNECTIONS_PER_USER("maxConnectionsPerUser", Scope.CLIENT, Limits.UNLIMITED, Limits::maxConnectionsPerUser),
    /** {@link Limits#maxSockets()}. */
    MAX_SOCKETS("maxSockets", Scope.SERVER, 64 * 1024, Limits::maxSockets),
    /** {@link Limits#eventBuffer()}. */
    EVENT_BUFFER("eventBuffer", Scope.MANAGER, 1024, Limits::eventBuffer),
    /** {@link Limits#callbackThreads()}. */
    CALLBACK_THREADS("callbackThreads", Scope.CALL, 256, Limits::callbackThreads),
    /** {@link Limits#maxAbandonedCalls()}. */
    MAX_ABANDONED_CALLS("maxAbandonedCalls", Scope.CALL, 256, Limits::maxAbandonedCalls);

    /** Where a limit takes effect, and so where it is set. */
    public enum Scope {
        /** One client: set with {@link Manager.Builder#limits}, and for single clients with {@link Identity#withLimits}. */
        CLIENT,
        /** All clients of a manager: set with {@link Manager.Builder#limits}. */
        MANAGER,
        /**
         * Calls of user code during a handshake: set with {@link Manager.Builder#limits} for the calls of a manager, and with
         * {@link WebSocketServer.Builder#limits} for paths that lead to a {@link HandshakeHandler} of the application.
         */
        CALL,
        /** All sockets of a server: set with {@link WebSocketServer.Builder#limits}. */
        SERVER
    }

    private final String component;
    private final Scope scope;
    private final Object defaultValue;
    private final Function<Limits, Object> accessor;

    Limit(String component, Scope scope, Object defaultValue, Function<Limits, Object> accessor) {
        this.component = component;
        this.scope = scope;
        this.defaultValue = defaultValue;
        this.accessor = accessor;
    }

    /**
     * Returns where this limit takes effect.
     *
     * @return the scope
     */
    public Scope scope() {
        return scope;
    }

    /**
     * Returns the value that some limits have for this one.
     *
     * @param limits the limits
     * @return an {@link Integer} or a {@link java.time.Duration}
     */
    public Object of(Limits limits) {
        return accessor.apply(limits);
    }

    Object defaultValue() {
        return defaultValue;
    }

    /** Returns the name of the component of {@link Limits}, such as {@code maxTopics}. */
    @Override
    public String toString() {
        return component;
    }
}
