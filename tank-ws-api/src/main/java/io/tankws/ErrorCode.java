package io.tankws;

/** What went wrong: 1001 to 1007 as in the Go library, from 1008 on our own. */
public enum ErrorCode {
    /** A value could not be turned into a message, or a client's binary message into text; see {@link BinaryRelay}. */
    SERIALIZATION_FAILED(1001),
    /** A request on a manager's path did not become a connection. */
    UPGRADE_FAILED(1002),
    /** A client broke the protocol. One that merely vanishes is no error; its disconnect event says 1006. */
    READ_FAILED(1003),
    /** A socket failed while writing, or a write made no end within {@link Limits#writeTimeout()}. */
    WRITE_FAILED(1004),
    /** A client stayed silent past the heartbeat timeout and was dropped. */
    HEARTBEAT_FAILED(1005),
    /** Authentication refused, threw, or took too long; or an identity expired. */
    AUTHENTICATION_FAILED(1007),
    /** A client sent a command with something that cannot be a topic. */
    INVALID_TOPIC(1008),
    /** A client went over one of the {@link Limits}. */
    LIMIT_EXCEEDED(1009),
    /** A client's outbox was full and the {@link OverflowPolicy} acted. */
    OUTBOX_OVERFLOW(1010),
    /** A {@link MessageHandler}, or a subscriber of {@link Manager#errors()} or its like, threw. */
    HANDLER_FAILED(1011),
    /** A node lost touch with the backplane of its {@link ClusterConfig}, or found something there that is not of this library. */
    BACKPLANE_FAILED(1012),
    /** A message or command did not, or not for certain, reach the backplane; the cause is a {@link BackplaneException}. */
    PUBLISH_FAILED(1013),
    /** A node missed messages of its cluster; the cause is a {@link MissedMessages}. */
    MESSAGES_MISSED(1014),
    /** The server of {@link Manager#setServer} failed on its own and has stopped; the manager shuts down at once. */
    SERVER_FAILED(1015);

    private final int value;

    ErrorCode(int value) {
        this.value = value;
    }

    /**
     * Returns the number of this error.
     *
     * @return 1001 and up
     */
    public int value() {
        return value;
    }
}
