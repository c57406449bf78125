package io.tankws.transport.javawebsocket;

import io.tankws.ConnectionHandler;
import io.tankws.Limits;
import io.tankws.spi.RunningTime;
import io.tankws.spi.WriteBuffers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The sockets of one listener, and what they share. */
final class Peers {
    private final Limits limits;
    private final Map<String, ConnectionHandler> handlers;
    private final LibraryEvents events = new LibraryEvents();
    private final WriteBuffers buffers = new WriteBuffers();
    private final IdleVisits idleVisits = new IdleVisits();
    private final Set<Peer> all = ConcurrentHashMap.newKeySet();
    private final Set<Peer> timed = ConcurrentHashMap.newKeySet();
    private volatile Runnable wakeup = () -> {};

    Peers(Limits limits, Map<String, ConnectionHandler> handlers) {
        this.limits = limits;
        this.handlers = handlers;
    }

    Limits limits() {
        return limits;
    }

    Optional<ConnectionHandler> handler(String path) {
        return Optional.ofNullable(handlers.get(path));
    }

    LibraryEvents events() {
        return events;
    }

    WriteBuffers buffers() {
        return buffers;
    }

    IdleVisits idleVisits() {
        return idleVisits;
    }

    void add(Peer peer) {
        all.add(peer);
    }

    void remove(Peer peer) {
        timed.remove(peer);
        if (all.remove(peer) && all.isEmpty()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    int size() {
        return all.size();
    }

    void forEach(Consumer<Peer> action) {
        List.copyOf(all).forEach(action);
    }

    synchronized boolean awaitEmpty(Duration timeout) {
        try {
            return RunningTime.await(timeout, nanos -> {
                if (!all.isEmpty() && nanos > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, nanos);
                }
                return all.isEmpty();
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void onDeadline(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    void addDeadline(Peer peer) {
        if (timed.add(peer)) {
            wakeup.run();
        }
    }

    void removeDeadline(Peer peer) {
        timed.remove(peer);
    }

    boolean hasDeadlines() {
        return !timed.isEmpty();
    }

    void expire() {
        long now = RunningTime.nanoTime();
        for (Peer peer : timed) {
            if (peer.isDue(now)) {
                timed.remove(peer);
                peer.expire();
            }
        }
    }
}
