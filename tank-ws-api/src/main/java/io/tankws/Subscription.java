package io.tankws;

import java.time.Instant;

/**
 * One client on one topic. Safe for use by several threads.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface Subscription {
    /**
     * Returns who is subscribed.
     *
     * @return the client
     */
    Client client();

    /**
     * Returns what it is subscribed to.
     *
     * @return the topic
     */
    String topic();

    /**
     * Returns since when.
     *
     * @return the time of subscribing
     */
    Instant since();

    /**
     * Ends the subscription, as {@code unsub:} does. Nothing happens if it has ended before.
     *
     * @return whether this call ended it
     */
    boolean cancel();
}
