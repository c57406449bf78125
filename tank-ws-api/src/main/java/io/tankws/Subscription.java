package io.tankws;

import java.time.Instant;
import java.util.Optional;

/**
 * The subscription of a client to a topic. Thread-safe.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface Subscription {
    /**
     * Returns the subscribed client.
     *
     * @return the client
     */
    Client client();

    /**
     * Returns the topic.
     *
     * @return the topic
     */
    String topic();

    /**
     * Returns the start of the subscription.
     *
     * @return the time of subscribing
     */
    Instant since();

    /**
     * Returns the time at which the permission of the {@link TopicAuthorizer} expires.
     *
     * @return empty if the subscription does not expire
     */
    default Optional<Instant> expiresAt() {
        return Optional.empty();
    }

    /**
     * Returns the information about the client that the {@link TopicAuthorizer} has attached.
     *
     * @return empty if there is none
     */
    default Optional<Payload> info() {
        return Optional.empty();
    }

    /**
     * Ends the subscription, as {@code unsub:} does. Has no effect if it has ended before.
     *
     * @return {@code true} if this call ended it
     */
    boolean cancel();
}
