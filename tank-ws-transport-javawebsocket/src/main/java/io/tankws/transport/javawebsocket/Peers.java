package io.tankws.transport.javawebsocket;

import io.tankws.ConnectionHandler;
import io.tankws.Limits;
import io.tankws.spi.ByteBudget;
import io.tankws.spi.FailureReports;
import io.tankws.spi.WriteBuffers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one listener, and what they share. */
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    private final Limits limits;
    private final Map<String, ConnectionHandler> handlers;
    private final LibraryEvents events = new LibraryEvents();
    private final WriteBuffers buffers = new WriteBuffers();
    private final IdleVisits idleVisits = new IdleVisits();
    private final FailureReports failures = new FailureReports(LOG::error);
    private final FailureReports refusedHeads = new FailureReports(LOG::warn);
    private final ByteBudget heads;
    private final Set<Peer> all = ConcurrentHashMap.newKeySet();
    private final Set<Peer> timed = ConcurrentHashMap.newKeySet();
    private volatile Runnable wakeup = () -> {};

    Peers(Limits limits, Map<String, ConnectionHandler> handlers) {
        this.limits = limits;
        this.handlers = handlers;
        heads = new ByteBudget(limits.pendingHandshakeBytes());
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

    /** The budget for request heads received in part. */
    ByteBudget heads() {
        return heads;
    }

    void headRefused() {
        refusedHeads.report(
                "Request heads received in part hold " + heads.taken() + " bytes; a connection gets 503", null);
    }

    /** What is wrong with single connections. */
    FailureReports failures() {
        return failures;
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
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (!all.isEmpty()) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
            return true;
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
        long now = System.nanoTime();
        for (Peer peer : timed) {
            if (peer.isDue(now)) {
                timed.remove(peer);
                if (!peer.expire()) {
                    // Again at the next tick.
                    timed.add(peer);
                }
            }
        }
    }
}
