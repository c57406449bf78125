package io.tankws.core;

/** One topic and who is subscribed to it; its lock makes the order of what is published to it. */
final class Topic extends Audience {
    final String name;
    private final Counters counters;
    private final Roster<TopicSubscription, Outbox> subscribers =
            new Roster<>(TopicSubscription[]::new, subscription -> subscription.session.outbox, Outbox[]::new);
    /** Set when the last subscriber left: whoever then holds this object must look the topic up anew. */
    private boolean ended;

    /** What is being sent. */
    private Pass pass;

    Topic(String name, Counters counters) {
        this.name = name;
        this.counters = counters;
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
        settle();
        subscribers.remove(subscription);
        ended = subscribers.size() == 0;
        return ended;
    }

    @Override
    void send(Burst burst, Outbox nobody) {
        Pass own = begin(burst);
        for (Outbox outbox = step(own); outbox != null; outbox = step(own)) {
            outbox.proceed(burst, own.alone);
        }
        if (!end(own)) {
            flush();
        }
    }

    @Override
    synchronized boolean offer(Burst burst, Outbox nobody) {
        boolean urgent = begin(burst).finish();
        pass = null;
        return urgent;
    }

    private synchronized Pass begin(Burst burst) {
        settle();
        Outbox[] all = subscribers.snapshot();
        counters.offered.add((long) all.length * burst.size());
        pass = new Pass(burst, all);
        return pass;
    }

    private synchronized Outbox step(Pass own) {
        return pass == own ? own.step() : null;
    }

    /** Tells whether nobody has interfered. */
    private synchronized boolean end(Pass own) {
        boolean ownStill = pass == own;
        pass = ownStill ? null : pass;
        return ownStill;
    }

    /**
     * Queues for the others what somebody else is sending one by one, so that what follows comes behind it for all. That
     * thread then flushes them.
     */
    private void settle() {
        if (pass != null) {
            pass.finish();
            pass = null;
        }
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
