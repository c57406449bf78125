package io.tankws.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The open connections of a manager, by id and by user. */
final class Registry extends Audience {
    private final Map<String, ClientSession> byId = new HashMap<>();
    private final Map<String, Set<ClientSession>> byUser = new HashMap<>();
    private final Roster<ClientSession, Outbox> all =
            new Roster<>(ClientSession[]::new, session -> session.outbox, Outbox[]::new);
    private final Counters counters;
    /** How many were removed whose end is still to be told. */
    private int leaving;

    Registry(Counters counters) {
        this.counters = counters;
    }

    synchronized void add(ClientSession session) {
        byId.put(session.id(), session);
        byUser.computeIfAbsent(session.userId(), user -> new HashSet<>(2)).add(session);
        all.add(session);
    }

    /** Removes a session; {@link #told} must follow. */
    synchronized void remove(ClientSession session) {
        byId.remove(session.id());
        byUser.computeIfPresent(session.userId(), (user, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
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
        return byId.get(id);
    }

    synchronized List<ClientSession> ofUser(String userId) {
        return List.copyOf(byUser.getOrDefault(userId, Set.of()));
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
