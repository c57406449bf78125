package io.tankws;

/** What happens when a client's outbox is full: the client reads slower than it is written to. */
public enum OverflowPolicy {
    /** The client is closed with 1013; what it had not yet got is lost to it, and counted. The default. */
    DISCONNECT,
    /** The oldest queued messages make room for the new one. */
    DROP_OLDEST,
    /** The new message is not queued. */
    DROP_NEWEST
}
