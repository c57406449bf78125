package io.tankws.core.flow;

import org.jspecify.annotations.Nullable;

/**
 * The outboxes that recent messages of one client's handler have filled. The next message of the client waits while
 * one of them is filled. The thread that runs the handler, or delivers for it, sets the current instance.
 */
public final class FilledOutboxes {
    /** Maximum number of remembered outboxes. A further one replaces the oldest. */
    private static final int MAX_SESSIONS = 16;
    /** Number of messages for which a client counts as a sender to all clients after it has sent to all. */
    private static final int TO_ALL_MESSAGES = 16;

    private static final ThreadLocal<@Nullable FilledOutboxes> CURRENT = new ThreadLocal<>();

    /** Ring of session numbers, with 0 for a free place, or {@code null} until an outbox was filled. */
    private long @Nullable [] sessions;

    private int next;
    private int toAll;

    /**
     * Sets the current instance of this thread.
     *
     * @param reach current instance, or {@code null} if this thread sends for no client
     * @return the previous instance, or {@code null} if there was none
     */
    public static @Nullable FilledOutboxes enter(@Nullable FilledOutboxes reach) {
        FilledOutboxes before = CURRENT.get();
        if (before != reach) {
            if (reach == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(reach);
            }
        }
        return before;
    }

    /** Returns the current instance, or {@code null} if this thread sends for no client. */
    public static @Nullable FilledOutboxes current() {
        return CURRENT.get();
    }

    /** Records a message that reached a filled outbox. Called under the lock of that outbox. */
    public static void reached(long session) {
        FilledOutboxes current = CURRENT.get();
        if (current != null) {
            current.add(session);
        }
    }

    private synchronized void add(long session) {
        if (sessions == null) {
            sessions = new long[MAX_SESSIONS];
        }
        for (long known : sessions) {
            if (known == session) {
                return;
            }
        }
        sessions[next] = session;
        next = (next + 1) % MAX_SESSIONS;
    }

    /** Records a message to all clients. */
    public synchronized void toAll() {
        toAll = TO_ALL_MESSAGES;
    }

    /** Records that the handler gets the next message. */
    public synchronized void handles() {
        toAll -= toAll > 0 ? 1 : 0;
    }

    /** Returns whether one of the remembered outboxes is filled. Called under the lock of the flow control. */
    public synchronized boolean isFilled(FlowControl flow) {
        if (toAll > 0 && (flow.isMuchUnderWay() || flow.isAnyFilledBut(0))) {
            return true;
        }
        if (sessions != null) {
            for (long session : sessions) {
                if (session != 0 && flow.isFilled(session)) {
                    return true;
                }
            }
        }
        return false;
    }
}
