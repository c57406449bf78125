package io.tankws.core.routing;

import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.core.outbox.MessageBatch;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of messages to the clients of all nodes. Without a cluster it is the {@link MessageRouter}, which
 * knows the clients of this node.
 */
public interface Distributor {
    /** Publishes a text to the subscribers of a topic on all nodes. */
    CompletionStage<Void> publish(String topic, String data);

    /** Publishes to the subscribers of a topic on all nodes. The stage has the position. */
    CompletionStage<StreamPosition> publish(Publication publication, PublishOptions options);

    /**
     * Sends messages to all clients of all nodes except one.
     *
     * @param excluded excluded client, or {@code null} to send to all clients
     * @param sender sending thread or session, whose identity {@link FanoutScheduler} compares
     */
    CompletionStage<Void> broadcast(MessageBatch batch, @Nullable Subscriber excluded, Object sender);
}
