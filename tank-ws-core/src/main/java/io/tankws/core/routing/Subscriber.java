package io.tankws.core.routing;

import io.tankws.Client;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.outbox.Outbox;

/** A client of this node as the router sees it. */
public interface Subscriber extends Client {
    /** Returns the number that {@link #id} is made of; it is unique within the process. */
    long number();

    /** Returns the outbox; {@code null} before the connection is open. */
    Outbox outbox();

    /**
     * Returns the outboxes that the handler's messages for this client have filled; {@code null} if messages are
     * relayed.
     */
    FilledOutboxes reach();

    /** Ends a subscription of this client, and returns whether it was there. */
    boolean cancel(TopicSubscription subscription);
}
