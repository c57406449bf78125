package io.tankws;

/**
 * What happens when a client's outbox is full, or what waits there gets too old: the client reads slower than it is
 * written to. Each message that it thereby does not get is counted in {@link Statistics#drops()}.
 */
public enum OverflowPolicy {
    /** The client is closed with 1013; what it had not yet got is lost to it, and counted. The default. */
    DISCONNECT,
    /** The oldest queued messages make room for the new one. */
    DROP_OLDEST,
    /** The new message is not queued; one that gets too old is still dropped. */
    DROP_NEWEST,
    /**
     * Of the messages of one topic only the latest stays. Where that frees too little, the oldest that belong to no topic
     * make room, then the oldest.
     */
    CONFLATE
}
