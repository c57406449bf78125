package io.tankws.transport.javawebsocket;

import io.tankws.spi.support.AcceptFailureLog;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.SocketOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that accepts sockets and ends peers whose deadline has passed. */
final class Acceptor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** The period at which deadlines are checked while there are any, in milliseconds. */
    private static final long TICK_MILLIS = 50;

    private static final int MAX_SOCKETS_PER_TURN = 256;

    /** The number of failures in a row, about half a minute long, after which the server fails. */
    private static final int MAX_FAILURES = 30;

    private static final long MAX_PAUSE_MILLIS = 1000;

    private final ServerSocketChannel channel;
    private final PeerSockets peers;
    private final Selector selector;
    private final SelectionKey key;
    private final Thread thread;
    private final Consumer<Throwable> onDeath;
    private final AcceptFailureLog reports = new AcceptFailureLog(LOG::warn);
    private final FailureLog failures = new FailureLog(LOG::error);
    private int consecutiveFailures;

    /** The library's selector, which takes the sockets; {@code null} before the first peer. */
    private volatile @Nullable Selector connections;

    private volatile boolean closed;
    private boolean full;

    /**
     * Creates an acceptor that is not started.
     *
     * @param onDeath receives the cause, on the acceptor's thread, if the thread ends before {@link #close}
     */
    Acceptor(ServerSocketChannel channel, PeerSockets peers, Consumer<Throwable> onDeath) throws IOException {
        this.channel = channel;
        this.peers = peers;
        this.onDeath = onDeath;
        selector = Selector.open();
        key = channel.register(selector, 0);
        thread = new Thread(() -> MemoryShortage.outlast(this), Closeables.THREADS + "acceptor");
        peers.onDeadline(selector::wakeup);
    }

    void start() {
        thread.start();
    }

    /** Begins to accept, and registers the sockets with the library's selector. */
    void acceptInto(Selector selectorOfConnections) {
        connections = selectorOfConnections;
        selector.wakeup();
    }

    void close(Duration timeout) {
        closed = true;
        selector.wakeup();
        Closeables.join(thread, timeout);
        releasePort();
        Closeables.close(channel);
        Closeables.close(selector);
        if (connections != null) {
            // The library's selector may hold the port until it runs.
            connections.wakeup();
        }
    }

    /**
     * Releases the selector's hold on the port. Unlike the close of a selector, this can be repeated if memory is
     * short.
     */
    private void releasePort() {
        if (!selector.isOpen()) {
            return;
        }
        try {
            key.cancel();
            selector.selectNow();
        } catch (IOException | ClosedSelectorException e) {
            LOG.debug("The acceptor's selector was closed before", e);
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                // An interrupt would close the channel.
                Thread.interrupted();
                step();
                consecutiveFailures = 0;
            } catch (Throwable e) {
                if (!closed && isFatal()) {
                    onDeath.accept(e);
                    return;
                }
                pauseAfter(e);
            }
        }
    }

    private void step() throws IOException {
        try {
            key.interestOps(connections == null || reports.isFailing() ? 0 : SelectionKey.OP_ACCEPT);
            selector.select(peers.hasDeadlines() || reports.isFailing() ? TICK_MILLIS : 0);
            selector.selectedKeys().clear();
            if (connections != null && !closed) {
                accept();
            }
        } finally {
            peers.expire();
        }
    }

    /** Returns whether accepting cannot succeed any more. */
    private boolean isFatal() {
        Selector target = connections;
        return !selector.isOpen()
                || !channel.isOpen()
                || target != null && !target.isOpen()
                || ++consecutiveFailures >= MAX_FAILURES;
    }

    private void pauseAfter(Throwable failure) {
        if (!closed) {
            failures.report("Accepting failed; it continues after a pause", failure);
            long millis = Math.min(MAX_PAUSE_MILLIS, TICK_MILLIS << Math.min(consecutiveFailures, 5));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private void accept() throws IOException {
        try {
            SocketChannel socket;
            for (int i = 0; i < MAX_SOCKETS_PER_TURN && (socket = channel.accept()) != null; i++) {
                open(socket);
            }
            // Also if no peer waited: for lack of descriptors that call would have failed too.
            reports.accepted();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            if (!closed) {
                reports.failed(e);
            }
        }
    }

    private boolean isFull() {
        int limit = peers.limits().maxSockets();
        boolean before = full;
        full = peers.size() >= limit;
        if (full && !before) {
            LOG.warn("New sockets are closed, because {} are open", limit);
        }
        return full;
    }

    /** Registers a socket. A failure of one socket closes that socket alone. */
    private void open(SocketChannel socket) {
        if (isFull()) {
            Closeables.close(socket);
            return;
        }
        PeerSocket peer = null;
        try {
            socket.configureBlocking(false);
            SocketOptions.configure(socket);
            InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
            // Reading starts when the library knows the channel; before, it would drop the connection.
            peer = new PeerSocket(peers, remote, (InetSocketAddress) socket.getLocalAddress());
            SelectionKey connection = socket.register(connections, 0, peer);
            peer.start(socket, connection);
        } catch (ClosedSelectorException e) {
            Closeables.close(socket);
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            Closeables.close(socket);
            if (peer != null) {
                peers.remove(peer);
            }
            LOG.debug("A peer closed its connection before it was accepted", e);
        }
    }
}
