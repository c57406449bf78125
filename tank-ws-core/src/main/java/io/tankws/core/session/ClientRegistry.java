package io.tankws.core.session;

import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.Message;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.event.Counters;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.routing.Audience;
import io.tankws.core.routing.SnapshotSet;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry of the open connections of a manager, by id and by user. */
public final class ClientRegistry extends Audience {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    private final SessionTable byNumber = new SessionTable();
    /** Sessions by user: one session, or {@link Several}. Most users have one. */
    private final Map<String, Object> byUser = new HashMap<>();

    private final SnapshotSet<ClientSession, Outbox> all =
            new SnapshotSet<>(ClientSession[]::new, session -> session.outbox, Outbox[]::new);
    private final Counters counters;
    private final RankedLock lock = new RankedLock(RankedLock.Rank.REGISTRY);
    private final Condition empty = lock.newCondition();
    /** Sessions of protocols whose clients are not authenticated. */
    private final Set<ClientSession> pending = new HashSet<>();
    /** Number of sessions of other protocols than the plain one among the open sessions. */
    private int linked;
    /** Removed sessions whose end has not been reported yet. */
    private int pendingDisconnects;

    /** Sessions in the order of their opening. */
    private record Several(Set<ClientSession> sessions) {}

    public ClientRegistry(Counters counters) {
        this.counters = counters;
    }

    void add(ClientSession session) {
        lock.lock();
        try {
            byNumber.add(session);
            byUser.merge(session.userId(), session, (before, added) -> {
                Several several = before instanceof Several set ? set : new Several(new LinkedHashSet<>(2));
                if (before instanceof ClientSession first) {
                    several.sessions().add(first);
                }
                several.sessions().add(session);
                return several;
            });
            all.add(session);
            linked += session.link == null ? 0 : 1;
        } finally {
            lock.unlock();
        }
    }

    /** Removes a session; {@link #reported} must follow. */
    void remove(ClientSession session) {
        lock.lock();
        try {
            byNumber.remove(session);
            byUser.computeIfPresent(session.userId(), (user, present) -> {
                if (present instanceof Several several) {
                    several.sessions().remove(session);
                    return several.sessions().isEmpty() ? null : several;
                }
                return present == session ? null : present;
            });
            all.remove(session);
            linked -= session.link == null ? 0 : 1;
            pendingDisconnects++;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a session whose client is not authenticated. */
    void addPending(ClientSession session) {
        lock.lock();
        try {
            pending.add(session);
        } finally {
            lock.unlock();
        }
    }

    /** Removes a session whose client is not authenticated, or has just been. Has no effect on other sessions. */
    void removePending(ClientSession session) {
        lock.lock();
        try {
            if (pending.remove(session) && isEmpty()) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns a copy of the sessions whose clients are not authenticated. */
    List<ClientSession> pending() {
        lock.lock();
        try {
            return pending.isEmpty() ? List.of() : List.copyOf(pending);
        } finally {
            lock.unlock();
        }
    }

    /** Records that the end of a removed session has been reported. */
    void reported() {
        lock.lock();
        try {
            pendingDisconnects--;
            if (isEmpty()) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return all.size() + pending.size() + pendingDisconnects == 0;
    }

    @Override
    public Outbox[] snapshot() {
        lock.lock();
        try {
            return all.snapshot();
        } finally {
            lock.unlock();
        }
    }

    /** Returns all sessions; the array is never changed. */
    public ClientSession[] sessions() {
        lock.lock();
        try {
            return all.entries();
        } finally {
            lock.unlock();
        }
    }

    public int size() {
        lock.lock();
        try {
            return all.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of messages that wait in outboxes or are in flight. */
    public long queuedMessages() {
        long messages = counters.inLastWrites.sum();
        for (Outbox outbox : snapshot()) {
            messages += outbox.queuedMessages();
        }
        return messages;
    }

    @Override
    public void send(MessageBatch batch, @Nullable Outbox excluded) {
        if (isLinked()) {
            sendEncoded(batch, excluded);
            return;
        }
        Outbox[] all = offered(batch, excluded);
        long now = RunningTime.nanoTime();
        for (Outbox outbox : all) {
            if (outbox != excluded) {
                outbox.continueWrite(batch, outbox.tryStartWrite(batch, now));
            }
        }
    }

    @Override
    public boolean offer(MessageBatch batch, @Nullable Outbox excluded) {
        if (isLinked()) {
            sendEncoded(batch, excluded);
            return false;
        }
        Outbox[] all = offered(batch, excluded);
        long now = RunningTime.nanoTime();
        for (Outbox outbox : all) {
            if (outbox != excluded && outbox.enqueue(batch, now)) {
                outbox.flush();
            }
        }
        return false;
    }

    private boolean isLinked() {
        lock.lock();
        try {
            return linked > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Sends messages to clients of several protocols. Each encoding is used once. */
    private void sendEncoded(MessageBatch batch, @Nullable Outbox excluded) {
        IdentityHashMap<ProtocolEncoding, MessageBatch> encoded = new IdentityHashMap<>();
        long now = RunningTime.nanoTime();
        for (ClientSession session : sessions()) {
            if (session.outbox != excluded) {
                MessageBatch own = session.link == null
                        ? batch
                        : encoded.computeIfAbsent(session.encoding(), encoding -> encode(batch, encoding));
                counters.offered.add(batch.size());
                counters.dropped(DropReason.NOT_REPRESENTABLE, batch.size() - own.size());
                if (own.size() > 0) {
                    session.outbox.continueWrite(own, session.outbox.tryStartWrite(own, now));
                }
            }
        }
    }

    private static MessageBatch encode(MessageBatch batch, ProtocolEncoding encoding) {
        List<Message> messages = new ArrayList<>(batch.size());
        for (Message message : batch.messages) {
            try {
                encoding.encode(message).ifPresent(messages::add);
            } catch (RuntimeException | Error e) {
                FAILURES.report("a message could not be encoded for a protocol", e);
            }
        }
        return MessageBatch.ofAny(messages);
    }

    /** Counts the receivers of a message, and returns all sessions. */
    private Outbox[] offered(MessageBatch batch, @Nullable Outbox excluded) {
        Outbox[] all = snapshot();
        int receivers = all.length;
        for (Outbox outbox : all) {
            receivers -= outbox == excluded ? 1 : 0;
        }
        counters.offered.add((long) receivers * batch.size());
        return all;
    }

    @Override
    public boolean isSmall() {
        lock.lock();
        try {
            return all.size() <= SMALL;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the session with a {@link ClientSession#id()}, or {@code null} if there is none. */
    public @Nullable ClientSession find(String id) {
        lock.lock();
        try {
            ClientSession found = byNumber.find(ClientIds.OF_PROCESS.number(id));
            // A number can be written in several ways.
            return found != null && found.id().equals(id) ? found : null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the session with a {@link ClientSession#number()}, or {@code null} if there is none. */
    public @Nullable ClientSession find(long number) {
        lock.lock();
        try {
            return byNumber.find(number);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the sessions of a user, the oldest first. */
    public List<ClientSession> ofUser(String userId) {
        lock.lock();
        try {
            Object found = byUser.get(userId);
            if (found instanceof Several several) {
                return List.copyOf(several.sessions());
            }
            return found instanceof ClientSession session ? List.of(session) : List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connections of a user to this node. Returns their number. */
    public int closeUser(String userId, CloseStatus status) {
        List<ClientSession> sessions = ofUser(userId);
        sessions.forEach(session -> session.close(status));
        return sessions.size();
    }

    /** Sends a message to the connections of a user to this node. Returns the number of those that took it. */
    public int sendToUser(String userId, Message message) {
        int took = 0;
        for (ClientSession session : ofUser(userId)) {
            took += session.send(message) ? 1 : 0;
        }
        return took;
    }

    /** Subscribes the connections of a user to this node. A limit of a connection is an error of this connection. */
    public void subscribeUser(String userId, String topic) {
        ofUser(userId)
                .forEach(session -> session.inboundHandler.command(
                        () -> session.subscribe(topic).isPresent()));
    }

    /** Ends the subscriptions of the connections of a user to this node. */
    public void unsubscribeUser(String userId, String topic) {
        ofUser(userId).forEach(session -> session.unsubscribe(topic));
    }

    /** Revokes the access of the connections of a user to this node. */
    public void revoke(String userId, String topic) {
        ofUser(userId).forEach(session -> session.revoke(topic));
    }

    public int sizeOfUser(String userId) {
        lock.lock();
        try {
            Object found = byUser.get(userId);
            if (found instanceof Several several) {
                return several.sessions().size();
            }
            return found == null ? 0 : 1;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all sessions have ended and their ends are reported, or until the timeout. */
    @SuppressWarnings("WaitNotInLoop") // RunningTime.await loops
    public void awaitEmpty(Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            RunningTime.await(timeout, nanos -> {
                if (!isEmpty() && nanos > 0) {
                    empty.awaitNanos(nanos);
                }
                return isEmpty();
            });
        } finally {
            lock.unlock();
        }
    }
}
