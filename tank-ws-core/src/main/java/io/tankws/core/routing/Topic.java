package io.tankws.core.routing;

import io.tankws.DropReason;
import io.tankws.PresenceEvent;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.event.Counters;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.presence.Arrival;
import io.tankws.core.presence.PendingLeave;
import io.tankws.core.presence.TopicMembers;
import io.tankws.spi.support.RunningTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A topic with its subscribers. Its lock defines the order of its messages. Messages are only queued under the lock,
 * never written.
 */
public final class Topic extends Audience {
    private static final Outbox[] NO_RECEIVERS = {};

    final String name;
    final RankedLock lock = new RankedLock(RankedLock.Rank.TOPIC);
    private final Counters counters;
    private final SnapshotSet<TopicSubscription, Outbox> subscribers = new SnapshotSet<>(
            TopicSubscription[]::new, subscription -> subscription.subscriber.outbox(), Outbox[]::new);
    /** Subscriptions whose start has not ended, or {@code null} if there are none. */
    private @Nullable Map<TopicSubscription, SubscriptionStart> starting;
    /** Members, or {@code null} before the first one. Set once, under the lock. */
    private @Nullable TopicMembers members;

    /** True after the last subscriber has left. A caller with this object must look the topic up again. */
    private boolean ended;

    /** Delivery in progress, or {@code null} if there is none. */
    private @Nullable Delivery delivery;

    /** The delivery of messages to the subscribers, one after the other. Guarded by the lock of the topic. */
    private static final class Delivery {
        private final MessageBatch batch;
        private final Outbox[] all;
        private final long now = RunningTime.nanoTime();
        private int next;
        /** True if the last outbox writes the shared batch. */
        private boolean alone;

        private Delivery(MessageBatch batch, Outbox[] all) {
            this.batch = batch;
            this.all = all;
        }

        /** Prepares the next write and returns its outbox, or {@code null} after the last one. */
        private @Nullable Outbox step() {
            if (next == all.length) {
                return null;
            }
            Outbox outbox = all[next++];
            alone = outbox.tryStartWrite(batch, now);
            return outbox;
        }

        /** Queues the messages for all remaining subscribers. Returns whether one of them needs a flush. */
        private boolean finish() {
            boolean urgent = false;
            while (next < all.length) {
                urgent |= all[next++].enqueue(batch, now);
            }
            return urgent;
        }
    }

    Topic(String name, Counters counters) {
        this.name = name;
        this.counters = counters;
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
            if (start == null || start.begin()) {
                subscribers.add(subscription);
            } else {
                starting = starting == null ? new LinkedHashMap<>() : starting;
                starting.put(subscription, start);
            }
            if (arrival != null) {
                join(arrival);
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

    /**
     * Ends the start of a subscription, which is live afterwards.
     *
     * @param ending last step of the start; runs under the lock of the topic
     * @return {@code false} without an effect if the start has ended or the subscription was removed
     */
    boolean endStart(TopicSubscription subscription, Runnable ending) {
        lock.lock();
        try {
            if (starting == null || starting.remove(subscription) == null) {
                return false;
            }
            ending.run();
            subscribers.add(subscription);
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
            subscribers.remove(subscription);
            if (starting != null) {
                starting.remove(subscription);
                releaseStarting();
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

    /**
     * Lets a publication enter the history without a delivery.
     *
     * @param isDeliverable whether subscribers can receive the publication
     * @return {@code false} without an effect if the topic has ended or subscribers must receive the publication
     */
    boolean enterOnly(BooleanSupplier entry, boolean isDeliverable) {
        lock.lock();
        try {
            int receivers = count();
            if (ended || isDeliverable && receivers > 0) {
                return false;
            }
            if (entry.getAsBoolean()) {
                counters.offered.add(receivers);
                counters.dropped(DropReason.NOT_REPRESENTABLE, receivers);
            }
            return true;
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
            outbox.continueWrite(batch, own.alone);
        }
        if (!endDelivery(own)) {
            flush();
        }
    }

    @Override
    public boolean offer(MessageBatch batch, @Nullable Outbox excluded) {
        lock.lock();
        try {
            boolean urgent = startDelivery(batch, excluded).finish();
            delivery = null;
            return urgent;
        } finally {
            lock.unlock();
        }
    }

    private Delivery startDelivery(MessageBatch batch, @Nullable Outbox excluded) {
        lock.lock();
        try {
            finishPendingDelivery();
            Outbox[] all = receivers(batch, excluded);
            counters.offered.add((long) all.length * batch.size());
            delivery = new Delivery(batch, all);
            return delivery;
        } finally {
            lock.unlock();
        }
    }

    private Outbox[] receivers(MessageBatch batch, @Nullable Outbox excluded) {
        // The publisher looks for the current topic and tries again if this one has ended before the entry.
        if (batch.hasEntry() && (ended || !batch.enter())) {
            return NO_RECEIVERS;
        }
        Outbox[] all = subscribers.snapshot();
        if (starting != null) {
            hold(starting, batch, excluded);
        }
        return excluded == null
                ? all
                : Arrays.stream(all).filter(outbox -> outbox != excluded).toArray(Outbox[]::new);
    }

    /** Passes messages to the starts. After one without room has ended, its subscription receives later messages. */
    private void hold(Map<TopicSubscription, SubscriptionStart> starts, MessageBatch batch, @Nullable Outbox excluded) {
        starts.entrySet().removeIf(start -> {
            boolean held = start.getValue().hold(batch, excluded);
            if (!held) {
                subscribers.add(start.getKey());
            }
            return !held;
        });
        releaseStarting();
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
            return subscribers.snapshot();
        } finally {
            lock.unlock();
        }
    }

    public int size() {
        lock.lock();
        try {
            return count();
        } finally {
            lock.unlock();
        }
    }

    private int count() {
        return subscribers.size() + (starting == null ? 0 : starting.size());
    }
}
