package io.tankws.core.routing;

import io.tankws.Client;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.outbox.Outbox;
import org.jspecify.annotations.Nullable;

/** A client of this node as the router sees it. */
public interface Subscriber extends Client {
    /** Returns the number that {@link #id} is made of; it is unique within the process. */
    long number();

    /** Returns the outbox. It exists before the first publisher can find this subscriber. */
    Outbox outbox();

    /**
     * Returns the outboxes that the handler's messages for this client have filled; {@code null} if messages are
     * relayed.
     */
    @Nullable
    FilledOutboxes reach();

    /** Ends a subscription of this client, and returns whether it was there. */
    boolean cancel(TopicSubscription subscription);

    /**
     * Ends a subscription whose client has missed publications, if its protocol can recover on the topic. The protocol
     * notifies the client.
     */
    void endIncomplete(TopicSubscription subscription);

    /** Ends a subscription whose start has failed, without a report to its protocol. */
    void drop(TopicSubscription subscription);
}
