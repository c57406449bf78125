package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeHandler;
import io.tankws.ServerLimits;
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

/** The registry of the sockets of one port, with the objects that they share. */
final class PeerSockets {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSockets.class);

    private final InetSocketAddress listenAddress;
    private final ServerLimits limits;
    private final PathHandlers handlers;
    private final NoopEvents events = new NoopEvents();
    private final WriteBufferPool buffers = new WriteBufferPool();
    private final SpuriousSelections spuriousSelections = new SpuriousSelections();
    private final HalfClosedSockets halfClosed = new HalfClosedSockets();
    private final FailureLog failures = new FailureLog(LOG::error);
    private final FailureLog rejectedHeads = new FailureLog(LOG::warn);
    private final ByteBudget headBudget;
    private final Set<PeerSocket> all = ConcurrentHashMap.newKeySet();
    /** The sockets that have a deadline. */
    private final Set<PeerSocket> timed = ConcurrentHashMap.newKeySet();

    private volatile Runnable wakeup = () -> {};
    private volatile boolean ending;

    PeerSockets(InetSocketAddress listenAddress, ServerLimits limits, PathHandlers handlers) {
        this.listenAddress = listenAddress;
        this.limits = limits;
        this.handlers = handlers;
        headBudget = new ByteBudget(limits.pendingHandshakeBytes());
    }

    InetSocketAddress listenAddress() {
        return listenAddress;
    }

    ServerLimits limits() {
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

    /** Returns the budget for request heads received in part. */
    ByteBudget headBudget() {
        return headBudget;
    }

    void reportRejectedHead() {
        rejectedHeads.report(
                "Request heads received in part hold " + headBudget.taken() + " bytes; a connection gets 503", null);
    }

    /** Returns the log of failures of single connections. */
    FailureLog failures() {
        return failures;
    }

    /** Keeps later interrupts, which are to end the library's threads. */
    void end() {
        ending = true;
    }

    /**
     * Clears an interrupt that a listener has left on a thread of the library. It would end the loop of the selector or
     * of a worker, and each worker would lose a read buffer.
     */
    void clearInterrupt() {
        if (Thread.interrupted() && ending) {
            Thread.currentThread().interrupt();
        }
    }

    SpuriousSelections spuriousSelections() {
        return spuriousSelections;
    }

    HalfClosedSockets halfClosed() {
        return halfClosed;
    }

    /** Returns whether a peer may wait with our half closed. Shutdown no longer waits for this peer. */
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
     * Waits until all peers have ended or are half-closed. Ends peers whose deadline passes, because the acceptor has
     * ended.
     *
     * @return whether the peers have ended in time
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
                    // The next tick tries again.
                    timed.add(peer);
                }
            }
        }
    }
}
