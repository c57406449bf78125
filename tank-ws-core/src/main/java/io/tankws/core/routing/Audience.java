package io.tankws.core.routing;

import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import org.jspecify.annotations.Nullable;

/** A group of clients that receive messages together: all clients of a manager, or the subscribers of a topic. */
public abstract class Audience {
    /** Number of clients up to which the sender flushes. For more clients, another thread may be worth its wake-up. */
    public static final int SMALL = 32;

    /** The number of threads that flush. The {@link FanoutScheduler}'s lock guards this field and the next two. */
    private int flushing;

    private boolean flushRequested;
    /** The identity hash of the last sender; 0 before the first. */
    int lastSender;

    /** Records a sender, and begins its flush if no other sender is active. */
    final boolean tryFlushInline(int sender) {
        boolean sameAsLast = lastSender == 0 || lastSender == sender;
        lastSender = sender;
        boolean alone = sameAsLast && flushing == 0 && !flushRequested;
        flushing += alone ? 1 : 0;
        return alone;
    }

    /** Begins a flush, which serves all requests until now. */
    final void beginFlush() {
        flushRequested = false;
        flushing++;
    }

    final void endFlush() {
        flushing--;
    }

    public final boolean isFlushing() {
        return flushing > 0;
    }

    final void requestFlush() {
        flushRequested = true;
    }

    public final boolean isFlushRequested() {
        return flushRequested;
    }

    public abstract boolean isSmall();

    /** Returns all their outboxes; never changed. */
    public abstract Outbox[] snapshot();

    /** Queues messages for each client except one, or for all if it is {@code null}, and writes them. */
    public abstract void send(MessageBatch batch, @Nullable Outbox excluded);

    /**
     * Queues messages for each client except one, or for all if it is {@code null}.
     *
     * @return true if the queue of one client needs a flush now
     */
    public abstract boolean offer(MessageBatch batch, @Nullable Outbox excluded);

    /** Flushes the outbox of each client. */
    public void flush() {
        for (Outbox outbox : snapshot()) {
            outbox.flush();
        }
    }
}
