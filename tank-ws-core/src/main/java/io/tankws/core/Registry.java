package io.tankws.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The open connections of a manager, by id and by user. */
final class Registry extends Audience {
    private final SessionTable byNumber = new SessionTable();
    /** A session, or {@link Several}: most users have one. */
    private final Map<String, Object> byUser = new HashMap<>();

    private final Roster<ClientSession, Outbox> all =
            new Roster<>(ClientSession[]::new, session -> session.outbox, Outbox[]::new);
    private final Counters counters;
    /** How many were removed whose end is still to be told. */
    private int leaving;

    private record Several(Set<ClientSession> sessions) {}

    Registry(Counters counters) {
        this.counters = counters;
    }

    synchronized void add(ClientSession session) {
        byNumber.add(session);
        byUser.merge(session.userId(), session, (before, added) -> {
            Several several = before instanceof Several ? (Several) before : new Several(new HashSet<>(2));
            if (before instanceof ClientSession first) {
                several.sessions().add(first);
            }
            several.sessions().add(session);
            return several;
        });
        all.add(session);
    }

    /** Removes a session; {@link #told} must follow. */
    synchronized void remove(ClientSession session) {
        byNumber.remove(session);
        byUser.computeIfPresent(session.userId(), (user, present) -> {
            if (present instanceof Several several) {
                several.sessions().remove(session);
                return several.sessions().isEmpty() ? null : several;
            }
            return present == session ? null : present;
        });
        all.remove(session);
        leaving++;
    }

    /** The end of one removed session has been told. */
    synchronized void told() {
        leaving--;
        if (isEmpty()) {
            notifyAll();
        }
    }

    private boolean isEmpty() {
        return all.size() + leaving == 0;
    }

    @Override
    synchronized Outbox[] snapshot() {
        return all.snapshot();
    }

    synchronized int size() {
        return all.size();
    }

    @Override
    void send(Burst burst, Outbox excluded) {
        Outbox[] all = offered(burst, excluded);
        long now = System.nanoTime();
        for (Outbox outbox : all) {
            if (outbox != excluded) {
                outbox.proceed(burst, outbox.prepare(burst, now));
            }
        }
    }

    @Override
    boolean offer(Burst burst, Outbox excluded) {
        Outbox[] all = offered(burst, excluded);
        long now = System.nanoTime();
        for (Outbox outbox : all) {
            if (outbox != excluded && outbox.enqueue(burst, now)) {
                outbox.flush();
            }
        }
        return false;
    }

    /** Counts for how many messages are meant, and returns everybody. */
    private Outbox[] offered(Burst burst, Outbox excluded) {
        Outbox[] all = snapshot();
        int receivers = all.length;
        for (Outbox outbox : all) {
            receivers -= outbox == excluded ? 1 : 0;
        }
        counters.offered.add((long) receivers * burst.size());
        return all;
    }

    @Override
    synchronized boolean isSmall() {
        return all.size() <= SMALL;
    }

    synchronized ClientSession find(String id) {
        ClientSession found = byNumber.find(number(id));
        // There is more than one way to write a number.
        return found != null && found.id().equals(id) ? found : null;
    }

    /** Finds by {@link ClientSession#number()}; {@code null} if there is none. */
    synchronized ClientSession find(long number) {
        return byNumber.find(number);
    }

    /** Returns what {@link ClientSession#id()} is made of, 0 if it cannot be one. */
    private static long number(String id) {
        try {
            return id.isEmpty() ? 0 : Long.parseLong(id, 1, id.length(), 10);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    synchronized List<ClientSession> ofUser(String userId) {
        Object found = byUser.get(userId);
        if (found instanceof Several several) {
            return List.copyOf(several.sessions());
        }
        return found instanceof ClientSession session ? List.of(session) : List.of();
    }

    synchronized int sizeOfUser(String userId) {
        Object found = byUser.get(userId);
        if (found instanceof Several several) {
            return several.sessions().size();
        }
        return found == null ? 0 : 1;
    }

    /** Waits until nobody is left and every end is told, or the time is over. */
    synchronized void awaitEmpty(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }
}
