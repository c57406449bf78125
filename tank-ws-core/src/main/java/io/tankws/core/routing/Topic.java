package io.tankws.core.routing;

import io.tankws.DropReason;
import io.tankws.PresenceEvent;
import io.tankws.StreamPosition;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.event.Counters;
import io.tankws.core.history.MemoryHistory;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.presence.Arrival;
import io.tankws.core.presence.PendingLeave;
import io.tankws.core.presence.TopicMembers;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic with its subscribers. Its lock defines the order of its messages. Messages are only queued under the lock,
 * never written.
 *
 * <p>This file is longer than 400 lines because that one lock guards all of it.
 */
public final class Topic extends Audience {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    private static final Outbox[] NO_RECEIVERS = {};

    final String name;
    final RankedLock lock = new RankedLock(RankedLock.Rank.TOPIC);
    private final Counters counters;
    private final PlainProtocol protocol;
    /** Subscribers of the plain protocol. */
    private final SnapshotSet<TopicSubscription, Outbox> subscribers = subscriptions();
    /** Subscribers with other encodings, or {@code null} if there are none. Each group has at least one. */
    private @Nullable List<Group> groups;
    /** Subscriptions whose start has not ended, or {@code null} if there are none. */
    private @Nullable Map<TopicSubscription, Starting> starting;
    /** Members, or {@code null} before the first one. Set once, under the lock. */
    private @Nullable TopicMembers members;

    /** Epoch of the history in memory, or {@code null} if no subscriber depends on one. */
    private @Nullable String epoch;
    /** True if the history has had a publication in the epoch. */
    private boolean published;
    /** True if clients can recover on the topic. */
    private boolean recoverable;
    /** Subscriptions that a new epoch has interrupted and that must end, or {@code null} if there was no new epoch. */
    private volatile @Nullable List<TopicSubscription> interrupted;

    /** True after the last subscriber has left. A caller with this object must look the topic up again. */
    private boolean ended;

    /** Delivery in progress, or {@code null} if there is none. */
    private @Nullable Delivery delivery;

    /** The delivery of messages to the subscribers, one after the other. Guarded by the lock of the topic. */
    private static final class Delivery {
        /** Messages in the encoding of the last step. Only the delivering thread changes it. */
        private MessageBatch batch;

        private Outbox[] all;
        private final long now = RunningTime.nanoTime();
        private int next;
        /** True if the last outbox writes the shared batch. */
        private boolean alone;
        /** Delivery to the subscribers with other encodings, or {@code null} if there is none. */
        private @Nullable Delivery rest;
        /** Members that may have events to report, or {@code null}. Reported without the lock. */
        private @Nullable TopicMembers changed;
        /** Failure to encode, or {@code null} if there is none. Reported without the lock. */
        private @Nullable Throwable failure;

        private Delivery(MessageBatch batch, Outbox[] all) {
            this.batch = batch;
            this.all = all;
        }

        /** Prepares the next write and returns its outbox, or {@code null} after the last one. */
        private @Nullable Outbox step() {
            if (next == all.length) {
                return rest == null ? null : stepIntoRest(rest);
            }
            Outbox outbox = all[next++];
            alone = outbox.tryStartWrite(batch, now);
            return outbox;
        }

        private @Nullable Outbox stepIntoRest(Delivery following) {
            batch = following.batch;
            all = following.all;
            rest = following.rest;
            next = 0;
            return step();
        }

        /** Queues the messages for all remaining subscribers. Returns whether one of them needs a flush. */
        private boolean finish() {
            boolean urgent = false;
            while (next < all.length) {
                urgent |= all[next++].enqueue(batch, now);
            }
            Delivery following = rest;
            rest = null;
            if (following != null) {
                urgent |= following.finish();
            }
            return urgent;
        }
    }

    /**
     * The start of a subscription that has not ended.
     *
     * @param arrival arrival of the client as a member, or {@code null} if the topic has no presence
     */
    private record Starting(
            SubscriptionStart start, @Nullable Arrival arrival) {}

    /** The subscribers with one encoding. */
    private record Group(ProtocolEncoding encoding, SnapshotSet<TopicSubscription, Outbox> subscribers) {}

    Topic(String name, Counters counters, PlainProtocol protocol) {
        this.name = name;
        this.counters = counters;
        this.protocol = protocol;
    }

    private static SnapshotSet<TopicSubscription, Outbox> subscriptions() {
        return new SnapshotSet<>(
                TopicSubscription[]::new, subscription -> subscription.subscriber.outbox(), Outbox[]::new);
    }

    /**
     * Adds a subscription unless the topic has ended.
     *
     * @param start start of the subscription, or {@code null} if it begins with the next message
     * @param arrival arrival of the client as a member, or {@code null} if the topic has no presence
     */
    boolean add(TopicSubscription subscription, @Nullable SubscriptionStart start, @Nullable Arrival arrival) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            if (start == null) {
                makeLive(subscription, null, arrival);
                return true;
            }
            boolean begun = start.begin();
            recoverable |= start.first.options().isRecoverable();
            follow(start.positionInMemory());
            if (begun) {
                makeLive(subscription, start, arrival);
            } else {
                starting = starting == null ? new LinkedHashMap<>() : starting;
                starting.put(subscription, new Starting(start, arrival));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void join(Arrival arrival) {
        finishPendingDelivery();
        if (members == null) {
            members = TopicMembers.of(name, arrival);
        }
        members.join(arrival);
    }

    /** Adds a subscription to those that receive live messages, unless its start has refused it. */
    private void makeLive(
            TopicSubscription subscription, @Nullable SubscriptionStart start, @Nullable Arrival arrival) {
        if (start == null || start.first.isStarted()) {
            subscribers(subscription.encoding).add(subscription);
            if (arrival != null) {
                join(arrival);
            }
        }
    }

    /**
     * Ends the start of a subscription, which is live afterwards.
     *
     * @param ending last step of the start; runs under the lock of the topic
     * @return {@code false} without an effect if the start has ended or the subscription was removed
     */
    boolean endStart(TopicSubscription subscription, Runnable ending) {
        lock.lock();
        try {
            Starting removed = starting == null ? null : starting.remove(subscription);
            if (removed == null) {
                return false;
            }
            ending.run();
            makeLive(subscription, removed.start, removed.arrival);
            releaseStarting();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void releaseStarting() {
        if (starting != null && starting.isEmpty()) {
            starting = null;
        }
    }

    /**
     * Removes a subscription.
     *
     * @param isDisconnected whether the connection has ended, so that a member may stay for a while
     * @return whether the topic has ended with it
     */
    boolean remove(TopicSubscription subscription, boolean isDisconnected) {
        lock.lock();
        try {
            finishPendingDelivery();
            if (starting != null) {
                starting.remove(subscription);
                releaseStarting();
            }
            SnapshotSet<TopicSubscription, Outbox> set = subscribers(subscription.encoding);
            set.remove(subscription);
            if (groups != null && set != subscribers && set.size() == 0) {
                groups.removeIf(group -> group.subscribers == set);
                groups = groups.isEmpty() ? null : groups;
            }
            if (members != null) {
                members.leave(subscription.subscriber.number(), isDisconnected);
            }
            return endIfEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Removes a member whose grace is over. Returns whether the topic has ended with it. */
    boolean expire(PendingLeave leave) {
        lock.lock();
        try {
            if (members == null || !leave.isOf(members)) {
                return false;
            }
            finishPendingDelivery();
            members.expire(leave);
            return endIfEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Queues an event for the subscribers that receive presence. {@link TopicMembers#report} must follow. */
    @Nullable
    TopicMembers deliver(PresenceEvent event) {
        lock.lock();
        try {
            if (members != null) {
                finishPendingDelivery();
                members.deliver(event);
            }
            return members;
        } finally {
            lock.unlock();
        }
    }

    /** Returns a value of the members, or a default if the topic has no presence. */
    <T> T ofMembers(Function<TopicMembers, T> value, T none) {
        lock.lock();
        try {
            return members == null ? none : value.apply(members);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the report of the events of members. Called by a thread that has just changed them. */
    Optional<Runnable> membersReport() {
        TopicMembers changed = members;
        return changed == null ? Optional.empty() : Optional.of(changed::report);
    }

    private boolean endIfEmpty() {
        ended = count() == 0 && (members == null || members.isEmpty());
        return ended;
    }

    /** Returns the subscribers with an encoding, in a new group if there are none. The caller must add one then. */
    private SnapshotSet<TopicSubscription, Outbox> subscribers(ProtocolEncoding encoding) {
        if (encoding == protocol) {
            return subscribers;
        }
        groups = groups == null ? new ArrayList<>(1) : groups;
        for (Group group : groups) {
            if (group.encoding == encoding) {
                return group.subscribers;
            }
        }
        Group added = new Group(encoding, subscriptions());
        groups.add(added);
        return added.subscribers;
    }

    /**
     * Compares the epoch of a position with that of the subscribers.
     *
     * @param position position in a history in memory, or {@code null} if there is none
     */
    private void follow(@Nullable StreamPosition position) {
        if (position == null) {
            return;
        }
        if (!position.epoch().equals(epoch)) {
            if (epoch != null && count() > 0) {
                interrupt();
            }
            epoch = position.epoch();
            published = false;
        }
        published |= position.offset() > 0;
    }

    /**
     * Interrupts the live subscriptions whose clients can recover. They receive nothing more, and end when the caller
     * has released the lock.
     */
    private void interrupt() {
        finishPendingDelivery();
        List<TopicSubscription> before = interrupted;
        List<TopicSubscription> all = before == null ? new ArrayList<>() : new ArrayList<>(before);
        if (groups != null && recoverable) {
            for (Group group : groups) {
                for (TopicSubscription subscription : group.subscribers.entries()) {
                    group.subscribers.remove(subscription);
                    all.add(subscription);
                }
            }
            groups = null;
        }
        interrupted = all;
    }

    /** Returns the interrupted subscriptions, which the caller ends, or {@code null} if there was no new epoch. */
    @Nullable
    List<TopicSubscription> takeInterrupted() {
        if (interrupted == null) {
            return null;
        }
        lock.lock();
        try {
            List<TopicSubscription> taken = interrupted;
            interrupted = null;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Compares the epoch with that of the history in memory, unless no publication had it. The first read without the
     * lock spares topics without a history; a later check sees an epoch that it misses.
     */
    void checkEpoch(MemoryHistory history) {
        if (epoch == null) {
            return;
        }
        lock.lock();
        try {
            if (published && !ended) {
                follow(history.top(name));
            }
        } finally {
            lock.unlock();
        }
    }

    private int count() {
        int count = subscribers.size() + (starting == null ? 0 : starting.size());
        if (groups != null) {
            for (Group group : groups) {
                count += group.subscribers.size();
            }
        }
        return count;
    }

    /**
     * Returns whether a publication should be left to this topic for encoding, because it has subscribers of other
     * protocols. Read without the lock: both answers lead to a correct delivery.
     */
    boolean isMixed() {
        return groups != null;
    }

    /**
     * Lets a publication enter the history without a delivery.
     *
     * @return {@code false} without an effect if the topic has ended or has subscribers
     */
    boolean enterOnly(MessageBatch.Entry entry) {
        lock.lock();
        try {
            if (ended || count() > 0) {
                return false;
            }
            entry.enter();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the position of the topic to one that does not follow the last publication. {@link #takeInterrupted} must
     * follow. Returns {@code false} if the topic has ended.
     */
    boolean move(Runnable change) {
        lock.lock();
        try {
            if (!ended) {
                change.run();
                interrupt();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the topic if it has no subscribers. */
    boolean endIfUnused() {
        lock.lock();
        try {
            return endIfEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(MessageBatch batch, @Nullable Outbox excluded) {
        Delivery own = startDelivery(batch, excluded);
        for (Outbox outbox = nextDelivery(own); outbox != null; outbox = nextDelivery(own)) {
            outbox.continueWrite(own.batch, own.alone);
        }
        if (!endDelivery(own)) {
            flush();
        }
        reportAfter(own);
    }

    @Override
    public boolean offer(MessageBatch batch, @Nullable Outbox excluded) {
        Delivery own;
        boolean urgent;
        lock.lock();
        try {
            own = startDelivery(batch, excluded);
            urgent = own.finish();
            delivery = null;
        } finally {
            lock.unlock();
        }
        reportAfter(own);
        return urgent;
    }

    private static void reportAfter(Delivery delivery) {
        if (delivery.changed != null) {
            delivery.changed.report();
        }
        if (delivery.failure != null) {
            FAILURES.report("a publication could not be encoded for a protocol", delivery.failure);
        }
    }

    private Delivery startDelivery(MessageBatch batch, @Nullable Outbox excluded) {
        lock.lock();
        try {
            finishPendingDelivery();
            // The publisher looks for the current topic and tries again if this one has ended before the entry.
            if (ended || !batch.enter()) {
                delivery = new Delivery(batch, NO_RECEIVERS);
                return delivery;
            }
            follow(batch.positionInMemory());
            Delivery started;
            if (groups == null && batch.size() > 0) {
                Outbox[] all = receivers(subscribers, excluded);
                counters.offered.add((long) all.length * batch.size());
                started = new Delivery(batch, all);
            } else {
                started = encodedDelivery(batch, excluded);
            }
            delivery = started;
            if (starting != null) {
                hold(starting, batch, excluded);
                started.changed = members;
            }
            return started;
        } finally {
            lock.unlock();
        }
    }

    /** Passes messages to the starts. After one without room has ended, its subscription receives later messages. */
    private void hold(Map<TopicSubscription, Starting> starts, MessageBatch batch, @Nullable Outbox excluded) {
        starts.entrySet().removeIf(entry -> {
            Starting held = entry.getValue();
            boolean fits = held.start.hold(batch, excluded);
            if (!fits) {
                makeLive(entry.getKey(), held.start, held.arrival);
            }
            return !fits;
        });
        releaseStarting();
    }

    /** Starts a delivery to subscribers with several encodings. Each encoding with a subscriber is used once. */
    private Delivery encodedDelivery(MessageBatch batch, @Nullable Outbox excluded) {
        EncodedBatch encoded = new EncodedBatch(batch, protocol);
        Outbox[] plain = receivers(subscribers, excluded);
        Delivery first = new Delivery(plain.length == 0 ? batch : encoded.as(protocol), plain);
        count(encoded, first);
        if (groups != null) {
            for (Group group : groups) {
                Outbox[] receivers = receivers(group.subscribers, excluded);
                if (receivers.length > 0) {
                    Delivery next = new Delivery(encoded.as(group.encoding), receivers);
                    count(encoded, next);
                    next.rest = first.rest;
                    first.rest = next;
                }
            }
        }
        first.failure = encoded.failure();
        return first;
    }

    /** Counts what is offered to the receivers of one encoding and cannot be encoded for them. */
    private void count(EncodedBatch encoded, Delivery part) {
        counters.offered.add((long) part.all.length * encoded.size());
        int missing = encoded.size() - part.batch.size();
        if (part.all.length > 0 && missing > 0) {
            counters.dropped(DropReason.NOT_REPRESENTABLE, part.all.length * missing);
            if (part.batch.size() == 0) {
                part.all = NO_RECEIVERS;
            }
        }
    }

    private static Outbox[] receivers(SnapshotSet<TopicSubscription, Outbox> set, @Nullable Outbox excluded) {
        Outbox[] all = set.snapshot();
        return excluded == null
                ? all
                : Arrays.stream(all).filter(outbox -> outbox != excluded).toArray(Outbox[]::new);
    }

    private @Nullable Outbox nextDelivery(Delivery own) {
        lock.lock();
        try {
            return delivery == own ? own.step() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether no other thread has completed the delivery. */
    private boolean endDelivery(Delivery own) {
        lock.lock();
        try {
            boolean ownStill = delivery == own;
            delivery = ownStill ? null : delivery;
            return ownStill;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Completes a delivery that another thread has in progress by queueing its messages for the remaining
     * subscribers, so that later messages follow them for all. The other thread then flushes.
     */
    private void finishPendingDelivery() {
        if (delivery != null) {
            delivery.finish();
            delivery = null;
        }
    }

    @Override
    public boolean isSmall() {
        return size() <= SMALL;
    }

    /** A client that unsubscribes after this flushes its own outbox. */
    @Override
    public Outbox[] snapshot() {
        lock.lock();
        try {
            return groups == null ? subscribers.snapshot() : everyOutbox(groups);
        } finally {
            lock.unlock();
        }
    }

    private Outbox[] everyOutbox(List<Group> others) {
        return Stream.concat(Stream.of(subscribers), others.stream().map(Group::subscribers))
                .flatMap(set -> Arrays.stream(set.snapshot()))
                .toArray(Outbox[]::new);
    }

    public int size() {
        lock.lock();
        try {
            return count();
        } finally {
            lock.unlock();
        }
    }
}
