package io.tankws.core.routing;

import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.protocol.ClientProtocol;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The router of messages to local clients: to the subscribers of a topic, or to all clients. */
public final class MessageRouter implements Distributor {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final ClientProtocol protocol;
    private final TopicIndex topics;
    private final Audience everyone;
    private final FanoutScheduler fanout;
    private final boolean hasHandler;

    /**
     * Creates a router.
     *
     * @param everyone all clients of this node
     * @param hasHandler whether the application handles messages, so that what they cause is noted per sender
     */
    public MessageRouter(
            ClientProtocol protocol, TopicIndex topics, Audience everyone, FanoutScheduler fanout, boolean hasHandler) {
        this.protocol = protocol;
        this.topics = topics;
        this.everyone = everyone;
        this.fanout = fanout;
        this.hasHandler = hasHandler;
    }

    /** Publishes a text to the subscribers of a topic. A text that has no subscriber is not encoded. */
    @Override
    public CompletionStage<Void> publish(String name, String data) {
        Topic topic = topics.find(name);
        if (topic != null) {
            publish(topic, MessageBatch.of(protocol.envelope(name, data)), Thread.currentThread());
        }
        return DONE;
    }

    /** Publishes encoded messages to the subscribers of a topic. */
    public void publish(String name, MessageBatch batch, Object sender) {
        Topic topic = topics.find(name);
        if (topic != null) {
            publish(topic, batch, sender);
        }
    }

    /** Publishes to a topic. Every message enters its topic here, from this node and from other nodes. */
    private void publish(Topic topic, MessageBatch batch, Object sender) {
        fanout.send(topic, batch, null, sender);
    }

    @Override
    public CompletionStage<Void> broadcast(MessageBatch batch, @Nullable Subscriber excluded, Object sender) {
        FilledOutboxes reach = noteReach(excluded);
        if (reach == null) {
            fanout.send(everyone, batch, excluded == null ? null : excluded.outbox(), sender);
            return DONE;
        }
        FilledOutboxes before = FilledOutboxes.enter(reach);
        try {
            fanout.send(everyone, batch, excluded == null ? null : excluded.outbox(), sender);
        } finally {
            FilledOutboxes.enter(before);
        }
        return DONE;
    }

    /**
     * Notes that a handler sends to all clients.
     *
     * @param excluded the client that gets nothing; {@code null} if all clients do
     * @return where the filled outboxes are noted; {@code null} if no handler sends
     */
    public @Nullable FilledOutboxes noteReach(@Nullable Subscriber excluded) {
        if (!hasHandler) {
            return null;
        }
        FilledOutboxes current = FilledOutboxes.current();
        // A handler may send on another thread; the client that it excludes is then taken for the sender.
        FilledOutboxes reach = current != null || excluded == null ? current : excluded.reach();
        if (reach != null) {
            reach.toAll();
        }
        return reach;
    }
}
