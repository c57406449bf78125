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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts sockets, and cuts off those whose time is up: one thread for both. */
final class Acceptor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** How often deadlines are looked at while there are any, in milliseconds. */
    private static final long TICK = 50;

    private static final int AT_ONCE = 256;

    /** After so many failures in a row, half a minute long, this gives up. */
    private static final int MAX_FAILURES = 30;

    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final ServerSocketChannel channel;
    private final PeerSockets peers;
    private final Selector selector;
    private final SelectionKey key;
    private final Thread thread;
    private final Consumer<Throwable> onDeath;
    private final AcceptFailureLog reports = new AcceptFailureLog(LOG::warn);
    private final FailureLog failures = new FailureLog(LOG::error);
    private int failuresInARow;
    private volatile Selector connections;
    private volatile boolean closed;
    private boolean full;

    /**
     * Creates an acceptor that is not started.
     *
     * @param onDeath gets the cause, on the acceptor's thread, if that ends before {@link #close}
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

    /** Begins to accept; the library's selector takes the sockets. */
    void acceptInto(Selector selectorOfConnections) {
        connections = selectorOfConnections;
        selector.wakeup();
    }

    void close(Duration timeout) {
        closed = true;
        selector.wakeup();
        Closeables.join(thread, timeout);
        release();
        Closeables.close(channel);
        Closeables.close(selector);
        if (connections != null) {
            // The library's selector may hold the port until it has seen this.
            connections.wakeup();
        }
    }

    /** Ends the selector's hold on the port. Unlike the close of a selector, this can be repeated if memory is short. */
    private void release() {
        if (!selector.isOpen()) {
            return;
        }
        try {
            key.cancel();
            selector.selectNow();
        } catch (IOException | ClosedSelectorException e) {
            LOG.debug("The acceptor's selector is closed already", e);
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                // An interrupt has no meaning here. It would close the channel.
                Thread.interrupted();
                step();
                failuresInARow = 0;
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
            selector.select(peers.hasDeadlines() || reports.isFailing() ? TICK : 0);
            selector.selectedKeys().clear();
            if (connections != null && !closed) {
                accept();
            }
        } finally {
            peers.expire();
        }
    }

    /** Returns whether nothing can ever be accepted again. */
    private boolean isFatal() {
        Selector taking = connections;
        return !selector.isOpen()
                || !channel.isOpen()
                || taking != null && !taking.isOpen()
                || ++failuresInARow >= MAX_FAILURES;
    }

    private void pauseAfter(Throwable failure) {
        if (!closed) {
            failures.report("Accepting failed; it goes on after a pause", failure);
            long millis = Math.min(LONGEST_PAUSE_MILLIS, TICK << Math.min(failuresInARow, 5));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private void accept() throws IOException {
        try {
            SocketChannel socket;
            for (int i = 0; i < AT_ONCE && (socket = channel.accept()) != null; i++) {
                open(socket);
            }
            // Also where nobody waits any more: without a descriptor even that would have failed.
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
        int most = peers.limits().maxSockets();
        boolean before = full;
        full = peers.size() >= most;
        if (full && !before) {
            LOG.warn("New sockets are closed: there are {}", most);
        }
        return full;
    }

    /** Whatever is wrong with one socket concerns that socket alone. */
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
            // No reads before the library knows the channel: it would drop the connection.
            peer = new PeerSocket(peers, remote, (InetSocketAddress) socket.getLocalAddress());
            SelectionKey connection = socket.register(connections, 0, peer);
            peer.begin(socket, connection);
        } catch (ClosedSelectorException e) {
            Closeables.close(socket);
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            Closeables.close(socket);
            if (peer != null) {
                peers.remove(peer);
            }
            LOG.debug("A peer left before it was accepted", e);
        }
    }
}
