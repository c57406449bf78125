package io.tankws.core;

import io.tankws.Message;

/** One topic and who is subscribed to it; its lock makes the order of what is published to it. */
final class Topic extends Audience {
    final String name;
    private final Roster<TopicSubscription> subscribers = new Roster<>(TopicSubscription[]::new);
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

    /** Whom a message was queued for, and whether the flush cannot wait. */
    record Offered(TopicSubscription[] to, boolean urgent) {}

    /** Queues a message for each subscriber, in the same order for all. */
    synchronized Offered offer(Message message, Counters counters) {
        long now = System.nanoTime();
        TopicSubscription[] all = subscribers.snapshot();
        counters.offered.add(all.length);
        boolean urgent = false;
        for (TopicSubscription subscription : all) {
            urgent |= subscription.session.outbox.enqueue(message, now);
        }
        return new Offered(all, urgent);
    }

    @Override
    synchronized boolean isSmall() {
        return subscribers.size() <= SMALL;
    }

    /** Whoever leaves meanwhile flushes by itself. */
    @Override
    void flush() {
        for (TopicSubscription subscription : snapshot()) {
            subscription.session.outbox.flush();
        }
    }

    private synchronized TopicSubscription[] snapshot() {
        return subscribers.snapshot();
    }

    synchronized int size() {
        return subscribers.size();
    }
}
