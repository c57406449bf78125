package io.tankws;

/**
 * The treatment of a client that reads more slowly than messages arrive for it, so that its outbox is full or a
 * message in it is too old. {@link Statistics#drops()} counts each message that the policy drops.
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
    CONFLATE,
    /**
     * Drops the waiting publications of topics with a {@linkplain TopicOptions#hasHistory() history}, and sends them
     * from the history when the client has read everything else. Such a client misses nothing that the history keeps.
     *
     * <p>The client receives each publication of the history once and in the order of the topic. Messages of other
     * topics and all other messages are not held back, so they may arrive earlier than publications that were published
     * before them. While the client catches up on a topic, it does not receive publications of this topic that are
     * {@linkplain PublishOptions.Builder#notKept() not kept}, but it receives those that {@linkplain
     * PublishOptions.Builder#excludedClientId exclude} it.
     *
     * <p>The client is closed with 1013, as by {@link #DISCONNECT}, when its outbox overflows with other messages, and
     * when it has not caught up after {@link ClientLimits#catchUpTime()}. Waiting messages without a history are not
     * dropped one by one, because nothing could report the loss to the client. When the history has lost publications
     * that the client has not received, the subscription ends with {@link
     * io.tankws.spi.SubscriptionEnding#INSUFFICIENT_STATE}, or on the plain protocol the client is closed with 1013.
     */
    CATCH_UP
}
