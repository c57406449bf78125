package io.tankws.transport.javawebsocket;

import io.tankws.spi.WriteBuffers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts sockets, and cuts off those whose time is up: one thread for both. */
final class Acceptor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** How often deadlines are looked at while there are any, in milliseconds. */
    private static final long TICK = 50;

    private static final int AT_ONCE = 256;

    private final ServerSocketChannel channel;
    private final Peers peers;
    private final Selector selector;
    private final SelectionKey key;
    private final Thread thread;
    private volatile Selector connections;
    private volatile boolean closed;
    private boolean exhausted;
    private boolean full;

    Acceptor(ServerSocketChannel channel, Peers peers) throws IOException {
        this.channel = channel;
        this.peers = peers;
        selector = Selector.open();
        key = channel.register(selector, 0);
        thread = new Thread(this, Sockets.THREADS + "acceptor");
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
        Sockets.join(thread, timeout);
        Sockets.close(selector);
        Sockets.close(channel);
        if (connections != null) {
            // The library's selector holds the port until it has seen this.
            connections.wakeup();
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                key.interestOps(connections == null || exhausted ? 0 : SelectionKey.OP_ACCEPT);
                selector.select(peers.hasDeadlines() || exhausted ? TICK : 0);
                selector.selectedKeys().clear();
                if (connections != null && !closed) {
                    accept();
                }
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.error("Accepting failed", e);
                }
            }
            peers.expire();
        }
    }

    private void accept() {
        try {
            SocketChannel socket;
            for (int i = 0; i < AT_ONCE && (socket = channel.accept()) != null; i++) {
                open(socket);
            }
            exhausted = false;
        } catch (IOException e) {
            if (!exhausted && !closed) {
                LOG.warn("Cannot accept: {}", e.getMessage());
            }
            exhausted = true;
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
            Sockets.close(socket);
            return;
        }
        try {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            socket.setOption(StandardSocketOptions.SO_SNDBUF, WriteBuffers.SEND_BUFFER_BYTES);
            InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
            // No reads before the library knows the channel: it would drop the connection.
            Peer peer = new Peer(peers, remote);
            SelectionKey connection = socket.register(connections, 0, peer);
            peer.begin(socket, connection);
        } catch (IOException | RuntimeException e) {
            LOG.debug("A peer left before it was accepted", e);
            Sockets.close(socket);
        }
    }
}
