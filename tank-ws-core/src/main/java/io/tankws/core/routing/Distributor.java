package io.tankws.core.routing;

import io.tankws.core.outbox.MessageBatch;
import java.util.concurrent.CompletionStage;

/** The way of messages to the clients of all nodes. */
public interface Distributor {
    /** Publishes a text to the subscribers of a topic on all nodes. */
    CompletionStage<Void> publish(String topic, String data);

    /**
     * Sends messages to all clients of all nodes but one.
     *
     * @param excluded {@code null} for all clients
     * @param sender the thread or session that sends; {@link FanoutScheduler} compares identities
     */
    CompletionStage<Void> broadcast(MessageBatch batch, Subscriber excluded, Object sender);
}
