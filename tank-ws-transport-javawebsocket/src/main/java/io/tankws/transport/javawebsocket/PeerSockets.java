package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeHandler;
import io.tankws.Limits;
import io.tankws.spi.ByteBudget;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.HalfClosedSockets;
import io.tankws.spi.support.PathHandlers;
import io.tankws.spi.support.RunningTime;
import io.tankws.spi.support.WriteBufferPool;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one listener, and what they share. */
final class PeerSockets {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSockets.class);

    private final InetSocketAddress listenAddress;
    private final Limits limits;
    private final PathHandlers handlers;
    private final NoopEvents events = new NoopEvents();
    private final WriteBufferPool buffers = new WriteBufferPool();
    private final SpuriousSelections idleVisits = new SpuriousSelections();
    private final HalfClosedSockets halfClosed = new HalfClosedSockets();
    private final FailureLog failures = new FailureLog(LOG::error);
    private final FailureLog refusedHeads = new FailureLog(LOG::warn);
    private final ByteBudget heads;
    private final Set<PeerSocket> all = ConcurrentHashMap.newKeySet();
    private final Set<PeerSocket> timed = ConcurrentHashMap.newKeySet();
    private volatile Runnable wakeup = () -> {};
    private volatile boolean ending;

    PeerSockets(InetSocketAddress listenAddress, Limits limits, PathHandlers handlers) {
        this.listenAddress = listenAddress;
        this.limits = limits;
        this.handlers = handlers;
        heads = new ByteBudget(limits.pendingHandshakeBytes());
    }

    InetSocketAddress listenAddress() {
        return listenAddress;
    }

    Limits limits() {
        return limits;
    }

    Optional<HandshakeHandler> handler(String path) {
        return handlers.find(path);
    }

    NoopEvents events() {
        return events;
    }

    WriteBufferPool buffers() {
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
    FailureLog failures() {
        return failures;
    }

    /** From now on, interrupts are meant to end the library's threads. */
    void end() {
        ending = true;
    }

    /**
     * Forgets an interrupt that a listener has left on a thread of the library. It would end the selector's loop, or a
     * worker's, and each worker would lose a read buffer.
     */
    void forgetInterrupt() {
        if (Thread.interrupted() && ending) {
            Thread.currentThread().interrupt();
        }
    }

    SpuriousSelections idleVisits() {
        return idleVisits;
    }

    HalfClosedSockets halfClosed() {
        return halfClosed;
    }

    /** Returns whether a peer may wait with its half closed; nothing else waits for it any more. */
    boolean halfClose() {
        boolean entered = halfClosed.enter();
        wakeIfEmpty();
        return entered;
    }

    private boolean isEmpty() {
        return all.size() <= halfClosed.size();
    }

    private void wakeIfEmpty() {
        if (isEmpty()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    void add(PeerSocket peer) {
        all.add(peer);
    }

    void remove(PeerSocket peer) {
        timed.remove(peer);
        if (all.remove(peer)) {
            wakeIfEmpty();
        }
    }

    int size() {
        return all.size();
    }

    void forEach(Consumer<PeerSocket> action) {
        List.copyOf(all).forEach(action);
    }

    /**
     * Waits until no peer is left but such that are half-closed. Ends those whose time is up in the place of the
     * acceptor, which has ended.
     */
    boolean awaitEmpty(Duration timeout) {
        try {
            return RunningTime.await(timeout, nanos -> {
                expire();
                return isEmptyWithin(nanos);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized boolean isEmptyWithin(long nanos) throws InterruptedException {
        if (!isEmpty() && nanos > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, nanos);
        }
        return isEmpty();
    }

    void onDeadline(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    void addDeadline(PeerSocket peer) {
        if (timed.add(peer)) {
            wakeup.run();
        }
    }

    void removeDeadline(PeerSocket peer) {
        timed.remove(peer);
    }

    boolean hasDeadlines() {
        return !timed.isEmpty();
    }

    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // the set is concurrent
    void expire() {
        long now = RunningTime.nanoTime();
        for (PeerSocket peer : timed) {
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
