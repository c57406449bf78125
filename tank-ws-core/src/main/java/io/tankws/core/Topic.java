package io.tankws.core;

import io.tankws.Message;

/** One topic and who is subscribed to it; its lock makes the order of what is published to it. */
final class Topic {
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

    /** Queues a message for each subscriber, in the same order for all, and returns who they were. */
    synchronized TopicSubscription[] offer(Message message) {
        long now = System.nanoTime();
        TopicSubscription[] all = subscribers.snapshot();
        for (TopicSubscription subscription : all) {
            subscription.session.outbox.offer(message, now);
        }
        return all;
    }

    synchronized int size() {
        return subscribers.size();
    }
}
