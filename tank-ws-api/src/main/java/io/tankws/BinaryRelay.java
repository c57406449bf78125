package io.tankws;

/**
 * What the relay sends to the other clients when a client has sent a binary message. It concerns the relay alone: a
 * {@link MessageHandler} gets binary messages as they are, and {@link Broadcaster#broadcastMessage(byte[])} and
 * {@link Client#send(Message)} send what they are given.
 */
public enum BinaryRelay {
    /**
     * The same bytes as a text message, as the Go library does. Its browser client reads every message as text, and a
     * binary message makes it throw. Bytes that are not UTF-8 cannot be a text message (RFC 6455 section 8.1), so
     * they are not relayed: each such message is an {@link ErrorCode#SERIALIZATION_FAILED} and counts as {@link
     * DropReason#NOT_TEXT}.
     */
    AS_TEXT,
    /** The same binary message. For clients that are programs and read binary messages. */
    AS_BINARY
}
