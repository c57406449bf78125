package io.tankws;

/**
 * The form in which the relay forwards binary messages of a client to the other clients. It concerns the relay only: a
 * {@link MessageHandler} gets binary messages unchanged, and {@link Broadcaster#broadcastMessage(byte[])} and
 * {@link Client#send(Message)} send the given message.
 */
public enum BinaryRelay {
    /**
     * The same bytes as a text message, as in the Go library. Its browser client reads every message as text and
     * throws on a binary one. Bytes that are not UTF-8 cannot be a text message (RFC 6455 section 8.1) and are not
     * relayed. Each such message is an {@link ErrorCode#SERIALIZATION_FAILED} and counts as {@link
     * DropReason#NOT_TEXT}.
     */
    AS_TEXT,
    /** The same binary message, for clients that can read it. */
    AS_BINARY
}
