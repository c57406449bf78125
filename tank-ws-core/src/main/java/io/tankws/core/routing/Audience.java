package io.tankws.core.routing;

import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;

/** Clients to whom messages go together: all of a manager, or the subscribers of a topic. */
public abstract class Audience {
    /** So many are served by whoever has the message; for more it may be worth waking another thread. */
    public static final int SMALL = 32;

    /**
     * These are the {@link FanoutScheduler}'s, whose lock guards them: how many threads flush, whether another flush
     * must follow.
     */
    public int flushing;

    public boolean due;
    public int lastSender;

    public abstract boolean isSmall();

    /** Returns all their outboxes; never changed. */
    public abstract Outbox[] snapshot();

    /** Queues messages for each and writes them as it goes. */
    public abstract void send(MessageBatch burst, Outbox excluded);

    /**
     * Queues messages for each.
     *
     * @return whether so much waits for one of them that the flush cannot
     */
    public abstract boolean offer(MessageBatch burst, Outbox excluded);

    /** Flushes the outbox of each. */
    public void flush() {
        for (Outbox outbox : snapshot()) {
            outbox.flush();
        }
    }
}
