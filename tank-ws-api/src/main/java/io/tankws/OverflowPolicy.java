package io.tankws;

/**
 * The treatment of a client that reads more slowly than messages arrive for it, so that its outbox is full or a
 * message in it is too old. {@link Statistics#drops()} counts each message that the client does not get.
 */
public enum OverflowPolicy {
    /** Closes the client with 1013. Its queued messages are dropped. This is the default. */
    DISCONNECT,
    /** The oldest queued messages make room for the new one. */
    DROP_OLDEST,
    /** The new message is not queued; one that gets too old is still dropped. */
    DROP_NEWEST,
    /**
     * Keeps only the latest message of each topic. If that frees too little, the oldest messages without a topic are
     * dropped, then the oldest of all.
     */
    CONFLATE
}
