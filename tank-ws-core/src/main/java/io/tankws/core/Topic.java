package io.tankws.core;

/** One topic and who is subscribed to it; its lock makes the order of what is published to it. */
final class Topic extends Audience {
    final String name;
    private final Roster<TopicSubscription, Outbox> subscribers =
            new Roster<>(TopicSubscription[]::new, subscription -> subscription.session.outbox, Outbox[]::new);
    /** Set when the last subscriber left: whoever then holds this object must look the topic up anew. */
    private boolean ended;

    Topic(String name) {
        this.name = name;
    }

    /** Adds a subscription unless the topic has ended meanwhile. */
    synchronized boolean add(TopicSubscription subscription) {
        if (ended) {
            return false;
        }
        subscribers.add(subscription);
        return true;
    }

    /** Removes a subscription and tells whether the topic has thereby ended. */
    synchronized boolean remove(TopicSubscription subscription) {
        subscribers.remove(subscription);
        ended = subscribers.size() == 0;
        return ended;
    }

    /** Whom messages were queued for, and whether the flush cannot wait. */
    record Offered(Outbox[] to, boolean urgent) {}

    /** Queues a message for each subscriber, in the same order for all. */
    synchronized Offered offer(Burst burst, Counters counters) {
        long now = System.nanoTime();
        Outbox[] all = subscribers.snapshot();
        counters.offered.add((long) all.length * burst.size());
        boolean urgent = false;
        for (Outbox outbox : all) {
            urgent |= outbox.enqueue(burst, now);
        }
        return new Offered(all, urgent);
    }

    @Override
    synchronized boolean isSmall() {
        return subscribers.size() <= SMALL;
    }

    /** Whoever leaves meanwhile flushes by itself. */
    @Override
    synchronized Outbox[] snapshot() {
        return subscribers.snapshot();
    }

    synchronized int size() {
        return subscribers.size();
    }
}
