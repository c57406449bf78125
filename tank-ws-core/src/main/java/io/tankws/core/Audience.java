package io.tankws.core;

/** Clients to whom messages go together: all of a manager, or the subscribers of a topic. */
abstract class Audience {
    /** So many are served by whoever has the message; for more it may be worth waking another thread. */
    static final int SMALL = 32;

    /** These are the {@link FanoutScheduler}'s, whose lock guards them: how many threads flush, whether another flush must follow. */
    int flushing;

    boolean due;
    int lastSender;

    abstract boolean isSmall();

    /** Returns all their outboxes; never changed. */
    abstract Outbox[] snapshot();

    /** Queues messages for each and writes them as it goes. */
    abstract void send(MessageBatch burst, Outbox excluded);

    /**
     * Queues messages for each.
     *
     * @return whether so much waits for one of them that the flush cannot
     */
    abstract boolean offer(MessageBatch burst, Outbox excluded);

    /** Flushes the outbox of each. */
    void flush() {
        for (Outbox outbox : snapshot()) {
            outbox.flush();
        }
    }
}
