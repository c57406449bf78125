package io.tankws.core.routing;

import io.tankws.ErrorCode;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.protocol.ClientProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The start of a subscription from a history that nodes share. Live messages are held while the history is read. The
 * first messages are then the publications that precede the first held one, followed by the held messages.
 */
public final class DeferredStart extends SubscriptionStart {
    /** Maximum bytes of the messages that one start holds. When it is reached, the start ends. */
    static final int MAX_HELD_BYTES = 1024 * 1024;

    /** Maximum number of times that a start lets its node catch up with the client. */
    private static final int MAX_CATCH_UPS = 3;

    /** The first messages of a subscription. */
    public enum Kind {
        /** None: the subscription begins with the next message. */
        NOTHING,
        /** The newest publication. */
        LAST_VALUE,
        /** Everything after a position. */
        MISSED
    }

    /**
     * Messages that arrived during the start.
     *
     * @param last position of the last message, or {@code null} if the messages have no positions
     */
    private record Held(MessageBatch batch, @Nullable StreamPosition last) {
        /** Returns the messages after an offset. */
        List<Message> after(long offset) {
            long skipped = last == null ? 0 : offset - (last.offset() - batch.size());
            return batch.messages.subList((int) Math.min(batch.size(), Math.max(0, skipped)), batch.size());
        }
    }

    private final Supplier<@Nullable StartSource> sources;
    private final EventDispatcher events;
    private final ClientProtocol protocol;
    private final Subscriber subscriber;
    private final Outbox outbox;
    private final String topic;
    private final Kind kind;
    private final StreamPosition since;
    /** Outcome. The thread that completes it runs no code of the application. */
    private final CompletableFuture<Recovery> outcome;

    /** Publications of the topic on this node. Set by {@link #begin}. */
    @SuppressWarnings("NullAway.Init")
    private StartSource source;

    // The lock of the topic guards all fields below.

    /** Position of the topic at the beginning, or {@code null} if the node did not follow the topic then. */
    private @Nullable StreamPosition origin;

    private final List<Held> held = new ArrayList<>();
    private int heldMessages;
    private long heldBytes;
    private boolean ended;
    private StreamPosition position = StreamPosition.NONE;
    private boolean complete;
    private int publications;

    /**
     * Creates a start.
     *
     * @param sources supplier of the publications of the topic on this node, which exist when the start begins
     * @param since position to continue from; only read for {@link Kind#MISSED}
     * @param outcome future that the start completes
     */
    public DeferredStart(
            Supplier<@Nullable StartSource> sources,
            EventDispatcher events,
            ClientProtocol protocol,
            Subscriber subscriber,
            String topic,
            Kind kind,
            StreamPosition since,
            CompletableFuture<Recovery> outcome) {
        this.sources = sources;
        this.events = events;
        this.protocol = protocol;
        this.subscriber = subscriber;
        outbox = subscriber.outbox();
        this.topic = topic;
        this.kind = kind;
        this.since = since;
        this.outcome = outcome;
    }

    @Override
    boolean begin() {
        source = Objects.requireNonNull(sources.get(), "source");
        origin = source.entered();
        return kind == Kind.NOTHING;
    }

    @Override
    boolean hold(MessageBatch batch, @Nullable Outbox excluded) {
        if (excluded == outbox) {
            return true;
        }
        held.add(new Held(batch, batch.hasEntry() ? source.entered() : null));
        heldMessages += batch.size();
        heldBytes += batch.bytes;
        if (heldMessages <= outbox.room() && heldBytes <= MAX_HELD_BYTES) {
            return true;
        }
        end(null);
        return false;
    }

    @Override
    public CompletionStage<Recovery> proceed(TopicSubscription subscription) {
        if (kind != Kind.NOTHING) {
            source.following().whenComplete((nothing, failure) -> {
                if (failure == null) {
                    read(subscription);
                } else {
                    fail(subscription, failure);
                }
            });
        }
        return outcome;
    }

    private void read(TopicSubscription subscription) {
        HistoryQuery query = kind == Kind.LAST_VALUE
                ? HistoryQuery.builder().reverse().limit(1).build()
                : HistoryQuery.builder().since(since).limit(outbox.room()).build();
        source.read(query).whenComplete((result, failure) -> {
            if (failure != null) {
                fail(subscription, failure);
            } else {
                end(subscription, result, MAX_CATCH_UPS);
            }
        });
    }

    /** Ends the start when everything that the client already has has entered the topic on this node. */
    private void end(TopicSubscription subscription, HistoryResult result, int remaining) {
        if (remaining > 0 && isBehind(result)) {
            source.catchUp().whenComplete((nothing, failure) -> end(subscription, result, remaining - 1));
        } else {
            end(subscription, result);
        }
    }

    /** Returns whether other nodes have publications that will still arrive here although the client has them. */
    private boolean isBehind(HistoryResult result) {
        StreamPosition entered = source.entered();
        return kind == Kind.MISSED
                && result instanceof HistoryPage
                && entered != null
                && entered.epoch().equals(result.top().epoch())
                && entered.offset() < since.offset();
    }

    private void fail(TopicSubscription subscription, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (kind == Kind.MISSED) {
            subscription.cancel();
            outcome.completeExceptionally(cause);
        } else {
            events.error(
                    ErrorCode.BACKPLANE_FAILED,
                    "the last value of a topic could not be read; the subscription continues without it",
                    subscriber,
                    cause);
            end(subscription, null);
        }
    }

    private void end(TopicSubscription subscription, @Nullable HistoryResult result) {
        subscription.topic.endStart(subscription, () -> end(result));
        outbox.flush();
        if (isEnded(subscription.topic)) {
            outcome.complete(new Recovery(subscription, position, complete, publications));
        } else {
            outcome.completeExceptionally(
                    new IllegalStateException("the subscription to " + topic + " ended before its start"));
        }
    }

    private boolean isEnded(Topic started) {
        started.lock.lock();
        try {
            return ended;
        } finally {
            started.lock.unlock();
        }
    }

    /**
     * Queues the first messages, under the lock of the topic.
     *
     * @param result publications from the history, or {@code null} if it was not read
     */
    private void end(@Nullable HistoryResult result) {
        ended = true;
        StreamPosition now = source.entered();
        position = now == null ? StreamPosition.NONE : now;
        StreamPosition begin = origin == null ? source.first() : origin;
        if (kind == Kind.MISSED) {
            if (begin != null && result instanceof HistoryPage page) {
                queueMissed(page, begin);
            }
        } else {
            queueLastValue(begin, result);
        }
        held.clear();
    }

    private void queueMissed(HistoryPage page, StreamPosition begin) {
        String epoch = page.top().epoch();
        if (!epoch.equals(begin.epoch())
                || !epoch.equals(position.epoch())
                || since.offset() > position.offset()
                || !page.isComplete()) {
            return;
        }
        long reached = since.offset();
        List<Message> messages = new ArrayList<>();
        for (Publication publication : page.publications()) {
            if (publication.offset() <= begin.offset()) {
                Message message = protocol.envelope(topic, publication.payload());
                if (message == null) {
                    return;
                }
                messages.add(message);
                reached = publication.offset();
            }
        }
        if (reached < begin.offset()) {
            return;
        }
        int missed = messages.size();
        for (Held batch : held) {
            List<Message> some = batch.after(since.offset());
            messages.addAll(some);
            missed += batch.last == null ? 0 : some.size();
        }
        complete = messages.isEmpty() || outbox.offerAll(MessageBatch.of(messages));
        publications = complete ? missed : 0;
    }

    private void queueLastValue(@Nullable StreamPosition begin, @Nullable HistoryResult result) {
        if (result instanceof HistoryPage page
                && page.publications().size() == 1
                && page.publications().get(0).position().equals(begin)) {
            Message message =
                    protocol.envelope(topic, page.publications().get(0).payload());
            if (message != null) {
                outbox.offer(message);
            }
        }
        // The overflow policy decides about messages that do not fit.
        held.forEach(batch -> batch.batch.messages.forEach(outbox::offer));
    }
}
