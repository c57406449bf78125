package io.tankws;

/** Why a message was not delivered to a client that was open. {@link Statistics#drops()} counts each. */
public enum DropReason {
    /** As many messages as {@link Limits#outboxMessages()} waited. */
    OUTBOX_MESSAGES,
    /** As many bytes as {@link Limits#outboxBytes()} waited. */
    OUTBOX_BYTES,
    /** More bytes than {@link Limits#outboxSoftBytes()} waited for {@link Limits#outboxSoftTime()}. */
    OUTBOX_SOFT_BYTES,
    /** A message waited for {@link Limits#outboxAge()}. */
    OUTBOX_AGE,
    /** The outbox was full, and a later message of the same topic took the place of this one. */
    CONFLATED,
    /** A client sent a binary message that is not UTF-8, and the relay sends text; see {@link BinaryRelay#AS_TEXT}. */
    NOT_TEXT
}
