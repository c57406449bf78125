package io.tankws.core.flow;

/**
 * The outboxes that the messages of one client's handler have filled of late: its next message waits while one of them
 * is filled. The thread that runs the handler, or delivers for it, makes it the current one.
 */
public final class FilledOutboxes {
    /** Filled outboxes that are remembered; one more replaces the oldest. */
    private static final int MAX_SESSIONS = 16;
    /** Messages for which a client counts as one that sends to all clients, after it has done so. */
    private static final int TO_ALL_MESSAGES = 16;

    private static final ThreadLocal<FilledOutboxes> CURRENT = new ThreadLocal<>();

    /** Session numbers, 0 for none; a ring, made when it is needed. */
    private long[] sessions;

    private int next;
    private int toAll;

    /** Makes this the current one of this thread; {@code null} for none. Returns the one before. */
    public static FilledOutboxes enter(FilledOutboxes reach) {
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

    /** Returns {@code null} if this thread sends for no client. */
    public static FilledOutboxes current() {
        return CURRENT.get();
    }

    /** Notes that a message has reached a filled outbox. Called under that outbox's lock. */
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

    /** Notes that a message goes to all clients. */
    public synchronized void toAll() {
        toAll = TO_ALL_MESSAGES;
    }

    /** Notes that the handler gets the next message. */
    public synchronized void handles() {
        toAll -= toAll > 0 ? 1 : 0;
    }

    /** Returns whether one of them is filled. Called under the flow control's lock. */
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
