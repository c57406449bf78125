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
     * Of the messages of one topic only the latest stays. Where that frees too little, the oldest that belong to no
     * topic make room, then the oldest.
     */
    CONFLATE
}
