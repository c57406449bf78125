package io.tankws.core.routing;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.protocol.PlainProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The router of messages to local clients: to the subscribers of a topic, or to all clients. */
public final class MessageRouter implements Distributor {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final PlainProtocol protocol;
    private final TopicIndex topics;
    private final Audience everyone;
    private final FanoutScheduler fanout;
    private final TopicSettings settings;
    private final MemoryHistory history;
    private final PositionCheck check;
    private final Function<String, @Nullable Subscriber> clients;
    private final boolean hasHandler;

    /**
     * Creates a router.
     *
     * @param everyone all clients of this node
     * @param clients function from the id of a client to the client, or to {@code null} if there is none
     * @param hasHandler whether the application handles messages, so that what they cause is noted per sender
     */
    public MessageRouter(
            PlainProtocol protocol,
            TopicIndex topics,
            Audience everyone,
            FanoutScheduler fanout,
            TopicSettings settings,
            MemoryHistory history,
            PositionCheck check,
            Function<String, @Nullable Subscriber> clients,
            boolean hasHandler) {
        this.settings = settings;
        this.history = history;
        this.check = check;
        this.clients = clients;
        this.protocol = protocol;
        this.topics = topics;
        this.everyone = everyone;
        this.fanout = fanout;
        this.hasHandler = hasHandler;
    }

    /** Publishes a text to the subscribers of a topic. A text that has no subscriber is not encoded. */
    @Override
    public CompletionStage<Void> publish(String name, String data) {
        if (settings.isConfigured() && settings.of(name).hasHistory()) {
            publish(Publication.builder(name, Payload.text(data)).build(), PublishOptions.defaults());
            return DONE;
        }
        Topic topic = topics.find(name);
        if (topic != null) {
            MessageBatch batch = topic.isMixed() ? unencoded(name, data) : null;
            publish(
                    topic,
                    batch != null ? batch : MessageBatch.of(protocol.envelope(name, data)),
                    Thread.currentThread());
        }
        return DONE;
    }

    /** Returns a text for several protocols, or {@code null} if only the plain protocol can carry it. */
    private static @Nullable MessageBatch unencoded(String name, String data) {
        try {
            return MessageBatch.unencoded(
                    Publication.builder(name, Payload.text(data)).build());
        } catch (IllegalArgumentException loneSurrogate) {
            return null;
        }
    }

    @Override
    public CompletionStage<StreamPosition> publish(Publication publication, PublishOptions options) {
        TopicOptions topicOptions = settings.of(publication.topic());
        Outbox excluded =
                options.excludedClientId().map(clients).map(Subscriber::outbox).orElse(null);
        boolean mayRepeat = options.idempotencyKey().isPresent();
        StreamPosition position = mayRepeat || topicOptions.hasHistory() && options.isKept()
                ? append(new Appending(history, publication, topicOptions, options), publication, excluded)
                : send(publication, excluded);
        return CompletableFuture.completedStage(position);
    }

    /**
     * Delivers a publication without a position.
     *
     * @param excludedClient id of a client of this node that gets nothing, or {@code null} if there is none
     */
    public void deliver(Publication publication, @Nullable String excludedClient) {
        Subscriber client = excludedClient == null ? null : clients.apply(excludedClient);
        send(publication, client == null ? null : client.outbox());
    }

    private StreamPosition send(Publication publication, @Nullable Outbox excluded) {
        Topic topic = topics.find(publication.topic());
        if (topic != null) {
            Message message = topic.isMixed() ? null : protocol.envelope(publication.topic(), publication.payload());
            MessageBatch batch =
                    message == null ? MessageBatch.unencoded(publication) : MessageBatch.of(message, publication);
            fanout.send(topic, batch, excluded, Thread.currentThread());
        }
        return StreamPosition.NONE;
    }

    /** Appends a publication and delivers it, in one order for the history and for all subscribers. */
    private StreamPosition append(Appending appending, Publication publication, @Nullable Outbox excluded) {
        Message message = null;
        while (true) {
            Topic topic = topics.findOrCreate(publication.topic());
            if (!topic.enterOnly(appending)) {
                if (message == null && !topic.isMixed()) {
                    message = protocol.envelope(publication.topic(), publication.payload());
                }
                MessageBatch batch =
                        message == null ? MessageBatch.unencoded(appending) : MessageBatch.of(message, appending);
                fanout.send(topic, batch, excluded, Thread.currentThread());
                check.endInterrupted(topic);
            }
            topics.removeIfUnused(topic);
            StreamPosition position = appending.position();
            if (position != null) {
                return position;
            }
        }
    }

    /**
     * Delivers publications from a history that nodes share, in their order.
     *
     * @param excludedClient id of a client of this node that gets nothing, or {@code null} if there is none
     * @param entered receiver of the position of each part, under the lock of the topic
     */
    public void deliver(
            String name,
            List<Publication> publications,
            @Nullable String excludedClient,
            Consumer<StreamPosition> entered,
            Object sender) {
        Subscriber client = excludedClient == null ? null : clients.apply(excludedClient);
        Outbox excluded = client == null ? null : client.outbox();
        Topic topic = topics.find(name);
        boolean isMixed = topic != null && topic.isMixed();
        for (int next = 0; next < publications.size(); ) {
            List<Message> messages = new ArrayList<>();
            int bytes = 0;
            int end = next;
            while (end < publications.size()) {
                Publication publication = publications.get(end);
                Message message = isMixed ? null : protocol.envelope(name, publication.payload());
                int length = message == null
                        ? publication.payload().size()
                        : message.frame().length();
                // A publication that the topic encodes is not in a part with encoded ones.
                boolean isAlike = isMixed || message != null && messages.size() == end - next;
                if (end > next && (!isAlike || !MessageBatch.isPart(end - next + 1, bytes + length))) {
                    break;
                }
                if (message != null) {
                    messages.add(message);
                }
                bytes += length;
                end++;
            }
            enter(name, messages, publications.subList(next, end), excluded, entered, sender);
            next = end;
        }
    }

    /** The entry of publications that have their positions. */
    private record SharedEntry(List<Publication> publications, Consumer<StreamPosition> entered, AtomicBoolean done)
            implements MessageBatch.Entry {
        @Override
        public boolean enter() {
            done.set(true);
            entered.accept(publications.get(publications.size() - 1).position());
            return true;
        }
    }

    /** Lets publications enter a topic, which may end and begin again in between. */
    private void enter(
            String name,
            List<Message> messages,
            List<Publication> part,
            @Nullable Outbox excluded,
            Consumer<StreamPosition> entered,
            Object sender) {
        SharedEntry entry = new SharedEntry(part, entered, new AtomicBoolean());
        MessageBatch batch = messages.isEmpty() ? MessageBatch.unencoded(entry) : MessageBatch.of(messages, entry);
        while (!entry.done.get()) {
            Topic topic = topics.findOrCreate(name);
            if (!topic.enterOnly(entry)) {
                fanout.send(topic, batch, excluded, sender);
            }
            topics.removeIfUnused(topic);
        }
    }

    /**
     * Changes the position of a topic to one that does not follow the last publication, and ends the subscriptions
     * whose clients can recover.
     *
     * @param change change, which runs under the lock of the topic
     */
    public void jump(String name, Runnable change) {
        boolean moved = false;
        while (!moved) {
            Topic topic = topics.findOrCreate(name);
            moved = topic.move(change);
            PositionCheck.end(topic.takeInterrupted());
            topics.removeIfUnused(topic);
        }
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
