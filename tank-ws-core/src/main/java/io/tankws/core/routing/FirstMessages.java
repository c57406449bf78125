package io.tankws.core.routing;

import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.StartedSubscription;
import io.tankws.spi.SubscribeRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first messages of a subscription as its protocol encodes them: the reply, and what the client has missed or the
 * last value of the topic. A start queues them once, under the lock of the topic.
 */
public final class FirstMessages {
    private final Outbox outbox;
    private final SubscribeRequest request;
    private final TopicOptions options;
    private final TopicDecision.Allowed permission;

    private StreamPosition position = StreamPosition.NONE;
    private boolean queued;
    private boolean started;
    private boolean complete;
    private int publications;
    /** Failure of the reply, or {@code null} if it has not failed. */
    private @Nullable Throwable failure;

    /**
     * Creates the messages before they are queued.
     *
     * @param options options of the topic
     * @param permission decision of the authorizer
     */
    public FirstMessages(
            Outbox outbox, SubscribeRequest request, TopicOptions options, TopicDecision.Allowed permission) {
        this.outbox = outbox;
        this.request = request;
        this.options = options;
        this.permission = permission;
    }

    /** Returns the topic. */
    public String topic() {
        return request.topic();
    }

    Outbox outbox() {
        return outbox;
    }

    SubscribeRequest request() {
        return request;
    }

    /** Returns the options of the topic. */
    public TopicOptions options() {
        return options;
    }

    /** Returns the position to continue from, or {@code null} if there is none or the topic is not recoverable. */
    @Nullable
    StreamPosition since() {
        return options.isRecoverable() ? request.since().orElse(null) : null;
    }

    /** Returns whether the newest publication belongs to the first messages. */
    boolean hasLastValue() {
        return options.hasLastValue() && request.since().isEmpty();
    }

    /**
     * Queues the messages. A flush of the outbox must follow, without a lock.
     *
     * @param top position of the newest publication
     * @param recovered whether the publications are all that the client has missed
     */
    void queue(StreamPosition top, boolean recovered, List<Publication> first) {
        position = top;
        queued = true;
        try {
            complete = (recovered || !first.isEmpty()) && tryQueue(started(recovered, first));
            if (!complete && !request.isRecoveryRequired()) {
                request.reply().encode(started(false, List.of())).forEach(outbox::offer);
            }
            started = complete || !request.isRecoveryRequired();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private StartedSubscription started(boolean recovered, List<Publication> first) {
        return new StartedSubscription(request.topic(), options, permission, position, recovered, first);
    }

    /** Queues the reply with publications, or nothing if they do not fit together. */
    private boolean tryQueue(StartedSubscription subscription) {
        List<Message> messages;
        try {
            messages = request.reply().encode(subscription);
        } catch (ClientActionException notRepresentable) {
            return false;
        }
        boolean queued = messages.isEmpty() || outbox.offerAll(MessageBatch.ofAny(messages));
        publications = queued
                ? (int) subscription.publications().stream()
                        .filter(publication -> publication.offset() > 0)
                        .count()
                : 0;
        return queued;
    }

    /** Returns the position of the newest publication. */
    StreamPosition position() {
        return position;
    }

    /** Returns whether the start has ended. */
    boolean isQueued() {
        return queued;
    }

    /** Returns whether the subscription has started. If not, it must not receive live messages. */
    public boolean isStarted() {
        return started;
    }

    /** Returns the failure of the reply, or {@code null} if it has not failed. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Returns the outcome of the start. */
    Recovery recovery(TopicSubscription subscription) {
        return new Recovery(subscription, position, complete, publications);
    }
}
