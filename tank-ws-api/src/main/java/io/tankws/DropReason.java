package io.tankws;

/**
 * The reasons why a message was not delivered to a client with an open connection. {@link Statistics#drops()} counts
 * the messages of each reason. Reasons may be added.
 */
public enum DropReason {
    /** The outbox had as many messages as {@link ClientLimits#outboxMessages()} allows. */
    OUTBOX_MESSAGES,
    /** The outbox had as many bytes as {@link ClientLimits#outboxBytes()} allows. */
    OUTBOX_BYTES,
    /**
     * The outbox had more bytes than {@link ClientLimits#outboxSoftBytes()} for {@link
     * ClientLimits#outboxSoftTime()}.
     */
    OUTBOX_SOFT_BYTES,
    /** A message was in the outbox for {@link ClientLimits#outboxAge()}. */
    OUTBOX_AGE,
    /** The outbox was full, and a later message of the same topic replaced this one. */
    CONFLATED,
    /**
     * The client was behind on a topic with a history, see {@link OverflowPolicy#CATCH_UP}. {@link
     * Statistics#messagesRecovered()} counts the publications that it received later.
     */
    CATCH_UP,
    /**
     * A client sent a binary message that is not UTF-8, and the relay sends text; see {@link BinaryRelay#AS_TEXT}.
     */
    NOT_TEXT,
    /** The protocol of the client has no form for the payload, such as a BINARY payload for the plain protocol. */
    NOT_REPRESENTABLE
}
