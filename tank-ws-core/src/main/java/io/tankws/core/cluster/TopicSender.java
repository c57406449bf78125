package io.tankws.core.cluster;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.spi.SharedHistoryStore;
import io.tankws.spi.support.PublicationCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sender of publications from this node to the topics of the cluster. A publication that is kept, or has an
 * idempotency key, goes to the shared history, which publishes it. Every other one is a node message.
 */
final class TopicSender {
    /** Id of this node. */
    private final long node;

    private final NodeContext context;
    private final ClusterPublisher publisher;
    /** Shared history, or {@code null} if the backplane has none. */
    private final @Nullable SharedHistoryStore store;

    private final LongAdder deliveredLocally;

    TopicSender(
            long node,
            NodeContext context,
            ClusterPublisher publisher,
            @Nullable SharedHistoryStore store,
            LongAdder deliveredLocally) {
        this.node = node;
        this.context = context;
        this.publisher = publisher;
        this.store = store;
        this.deliveredLocally = deliveredLocally;
    }

    /** Publishes a text to the subscribers of a topic on all nodes. */
    CompletionStage<Void> publish(String topic, String data) {
        if (context.settings().isConfigured() && context.settings().of(topic).hasHistory()) {
            Publication publication =
                    Publication.builder(topic, Payload.text(data)).build();
            return publish(publication, PublishOptions.defaults(), position -> null);
        }
        return publish(topic, context.protocol().envelope(topic, data));
    }

    private CompletionStage<Void> publish(String topic, Message message) {
        checkTopic(topic);
        List<Message> messages = List.of(message);
        if (NodeMessage.bytes(messages) > NodeMessage.MAX_BYTES) {
            return refuseLarge();
        }
        byte[] bytes = NodeMessage.messages(node, 0, messages);
        return publisher.send(BackplaneChannel.ofTopic(topic), bytes, () -> {
            deliveredLocally.increment();
            context.router().publish(topic, MessageBatch.of(message), Thread.currentThread());
        });
    }

    private void checkTopic(String topic) {
        // The message returns on another thread, which does not know its sender.
        context.router().noteReach(null);
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(topic)) {
            throw new IllegalArgumentException("a cluster's topic cannot hold a lone surrogate");
        }
        if (!NodeMessage.fits(topic)) {
            throw new IllegalArgumentException(
                    "a cluster's topic must have at most " + NodeMessage.MAX_TEXT_BYTES + " bytes, but has more");
        }
    }

    /**
     * Publishes to a topic.
     *
     * @param answer function from the position to the result of the stage
     */
    <T extends @Nullable Object> CompletionStage<T> publish(
            Publication publication, PublishOptions options, Function<StreamPosition, T> answer) {
        String topic = publication.topic();
        TopicOptions topicOptions = context.settings().of(topic);
        checkTopic(topic);
        if (publication.payload().size() > NodeMessage.MAX_BYTES - NodeMessage.MAX_PUBLICATION_OVERHEAD) {
            return refuseLarge();
        }
        String channel = BackplaneChannel.ofTopic(topic);
        String excluded = options.excludedClientId().orElse(null);
        byte[] envelope = PublicationEnvelope.of(node, excluded);
        Supplier<T> locally = () -> {
            deliveredLocally.increment();
            context.router().deliver(publication, excluded);
            return answer.apply(StreamPosition.NONE);
        };
        boolean isKept = topicOptions.hasHistory() && options.isKept();
        if (isKept || options.idempotencyKey().isPresent()) {
            SharedHistoryStore shared = store;
            return shared == null
                    ? publisher.refuse("the backplane has no shared history, so it cannot compare idempotency keys")
                    : publisher.send(
                            channel,
                            publication.payload().size(),
                            () -> shared.append(publication, topicOptions, options, channel, envelope)
                                    .thenApply(result -> answer.apply(result.position())),
                            locally);
        }
        byte[] message = isPlainText(publication) && excluded == null
                ? NodeMessage.messages(
                        node,
                        0,
                        List.of(context.protocol()
                                .envelope(topic, publication.payload().asText())))
                : NodeMessage.publication(node, envelope, PublicationCodec.encode(publication));
        return message.length > NodeMessage.MAX_BYTES
                ? refuseLarge()
                : publisher.send(channel, message, answer.apply(StreamPosition.NONE), locally);
    }

    private <T extends @Nullable Object> CompletionStage<T> refuseLarge() {
        return publisher.refuse(
                "a cluster's publication must fit into " + NodeMessage.MAX_BYTES + " bytes, but is larger");
    }

    /** Returns whether the form of the plain protocol carries the whole publication. */
    private static boolean isPlainText(Publication publication) {
        return publication.payload().kind() == Payload.Kind.TEXT
                && publication.tags().isEmpty()
                && publication.publisher().isEmpty();
    }
}
