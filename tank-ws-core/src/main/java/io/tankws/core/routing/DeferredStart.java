package io.tankws.core.routing;

import io.tankws.ErrorCode;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Publication;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.spi.ProtocolEncoding;
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
    private enum Kind {
        /** None, and no reply: the subscription begins with the next message. */
        NOTHING,
        /** A reply with the position of the topic. */
        REPLY,
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
        /** Returns the publications after an offset. */
        List<Publication> after(long offset, PlainProtocol protocol) {
            List<Publication> all = new EncodedBatch(batch, protocol).publications();
            long skipped = last == null ? 0 : offset - (last.offset() - all.size());
            return all.subList((int) Math.min(all.size(), Math.max(0, skipped)), all.size());
        }
    }

    private final Supplier<@Nullable StartSource> sources;
    private final EventDispatcher events;
    private final PlainProtocol protocol;
    private final Subscriber subscriber;
    private final Outbox outbox;
    private final Kind kind;
    /** Position to continue from; {@link StreamPosition#NONE} if there is none. */
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

    /**
     * Creates a start.
     *
     * @param sources supplier of the publications of the topic on this node, which exist when the start begins
     * @param outcome future that the start completes
     */
    public DeferredStart(
            Supplier<@Nullable StartSource> sources,
            EventDispatcher events,
            PlainProtocol protocol,
            Subscriber subscriber,
            FirstMessages first,
            CompletableFuture<Recovery> outcome) {
        super(first);
        this.sources = sources;
        this.events = events;
        this.protocol = protocol;
        this.subscriber = subscriber;
        outbox = first.outbox();
        StreamPosition position = first.since();
        since = position == null ? StreamPosition.NONE : position;
        kind = position != null ? Kind.MISSED : kindOf(first, protocol);
        this.outcome = outcome;
    }

    private static Kind kindOf(FirstMessages first, PlainProtocol protocol) {
        if (first.hasLastValue()) {
            return Kind.LAST_VALUE;
        }
        return first.request().encoding() == protocol ? Kind.NOTHING : Kind.REPLY;
    }

    @Override
    boolean isFollowing() {
        return true;
    }

    @Override
    boolean begin() {
        source = Objects.requireNonNull(sources.get(), "source");
        origin = source.entered();
        if (kind != Kind.NOTHING) {
            return false;
        }
        first.queue(StreamPosition.NONE, false, List.of());
        return true;
    }

    @Override
    boolean hold(MessageBatch batch, @Nullable Outbox excluded) {
        if (excluded == outbox) {
            return true;
        }
        held.add(new Held(batch, batch.hasEntry() ? source.entered() : null));
        heldMessages += Math.max(1, batch.size());
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
        if (kind == Kind.REPLY) {
            end(subscription, null);
            return;
        }
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
        if (kind != Kind.LAST_VALUE) {
            subscriber.drop(subscription);
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
        subscription.topic.membersReport().ifPresent(Runnable::run);
        outbox.flush();
        if (isEnded(subscription.topic)) {
            outcome.complete(first.recovery(subscription));
        } else {
            outcome.completeExceptionally(
                    new IllegalStateException("the subscription to " + first.topic() + " ended before its start"));
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
        StreamPosition top = now == null ? StreamPosition.NONE : now;
        StreamPosition begin = origin == null ? source.first() : origin;
        switch (kind) {
            case MISSED -> {
                List<Publication> missed =
                        begin != null && result instanceof HistoryPage page ? missed(page, begin, top) : null;
                first.queue(top, missed != null, missed == null ? List.of() : missed);
            }
            case LAST_VALUE -> {
                first.queue(begin == null ? StreamPosition.NONE : begin, false, lastValue(begin, result));
                ProtocolEncoding encoding = first.request().encoding();
                // The overflow policy decides about messages that do not fit.
                held.forEach(batch -> new EncodedBatch(batch.batch, protocol)
                        .as(encoding)
                        .messages
                        .forEach(outbox::offer));
            }
            case REPLY, NOTHING -> first.queue(top, false, List.of());
        }
        held.clear();
    }

    /** Returns everything that the client has missed, or {@code null} if some of it is not known. */
    private @Nullable List<Publication> missed(HistoryPage page, StreamPosition begin, StreamPosition top) {
        String epoch = page.top().epoch();
        if (!epoch.equals(begin.epoch())
                || !epoch.equals(top.epoch())
                || since.offset() > top.offset()
                || !page.isComplete()) {
            return null;
        }
        long reached = since.offset();
        List<Publication> missed = new ArrayList<>();
        for (Publication publication : page.publications()) {
            if (publication.offset() <= begin.offset()) {
                missed.add(publication);
                reached = publication.offset();
            }
        }
        if (reached < begin.offset()) {
            return null;
        }
        held.forEach(batch -> missed.addAll(batch.after(since.offset(), protocol)));
        return missed;
    }

    private static List<Publication> lastValue(@Nullable StreamPosition begin, @Nullable HistoryResult result) {
        return result instanceof HistoryPage page
                        && page.publications().size() == 1
                        && page.publications().get(0).position().equals(begin)
                ? page.publications()
                : List.of();
    }
}
