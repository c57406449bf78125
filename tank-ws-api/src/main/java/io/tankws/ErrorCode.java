package io.tankws;

/**
 * The kinds of failures that {@link Manager#errors()} publishes. The numbers 1001 to 1007 are those of the Go
 * library; the numbers from 1008 on are new here. Codes may be added.
 */
public enum ErrorCode {
    /**
     * A value could not be encoded as a message, or a client's binary message not as text; see {@link BinaryRelay}.
     */
    SERIALIZATION_FAILED(1001),
    /** A request on a manager's path did not become a connection. */
    UPGRADE_FAILED(1002),
    /** A client violated the protocol. A lost connection is no error; its disconnect event has code 1006. */
    READ_FAILED(1003),
    /** A write to a socket failed, or took longer than the write timeout. */
    WRITE_FAILED(1004),
    /** A client sent nothing within the heartbeat timeout and was disconnected. */
    HEARTBEAT_FAILED(1005),
    /** Authentication refused a client, threw, or took too long; or an identity expired. */
    AUTHENTICATION_FAILED(1007),
    /** A client sent a command with an invalid topic. */
    INVALID_TOPIC(1008),
    /** A client exceeded one of its limits. */
    LIMIT_EXCEEDED(1009),
    /** A client's outbox was full, and the {@link OverflowPolicy} was applied. */
    OUTBOX_OVERFLOW(1010),
    /** A {@link MessageHandler} or a subscriber of a publisher of the manager threw. */
    HANDLER_FAILED(1011),
    /**
     * A node lost its connection to the backplane of its {@link ClusterConfig}, or received data there that no node
     * can have sent.
     */
    BACKPLANE_FAILED(1012),
    /** The backplane did not confirm a message or command; the cause is a {@link BackplaneException}. */
    PUBLISH_FAILED(1013),
    /**
     * A node missed messages of its cluster; the details are {@link MissedMessages}. Messages that arrived but could
     * not be delivered have a cause instead.
     */
    MESSAGES_MISSED(1014),
    /** The server of {@link Manager#setServer} failed on its own and has stopped; the manager shuts down at once. */
    SERVER_FAILED(1015),
    /**
     * A {@link TopicAuthorizer} denied an action of a client, threw, or took too long; or a subscription ended because
     * it was revoked or its permission expired. The details are a {@link TopicDenial}.
     */
    AUTHORIZATION_FAILED(1016),
    /** A {@link io.tankws.spi.ClientProtocol} threw, and the connection was closed. */
    PROTOCOL_FAILED(1017);

    private final int value;

    ErrorCode(int value) {
        this.value = value;
    }

    /**
     * Returns the number of this code.
     *
     * @return 1001 and up
     */
    public int value() {
        return value;
    }
}
