package io.tankws.transport.javawebsocket;

import io.tankws.ListenException;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.PathHandlers;
import io.tankws.spi.support.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A bound port with all that runs behind it. */
final class BoundServer {
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** How long connections may take to report their end once they have been cut off. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(1);

    private final InetSocketAddress address;
    private final PeerSockets peers;
    private final Acceptor acceptor;
    private final SelectorServer server;

    private final Consumer<Throwable> onFailure;
    private final AtomicBoolean ended = new AtomicBoolean();
    /** Both are made beforehand: there may be no memory when they are needed. */
    private final Runnable endAtOnce = () -> end(Duration.ZERO);

    private final Runnable reportFailure = this::reportFailure;
    private volatile Throwable failure;

    private BoundServer(
            ServerSocketChannel channel, TransportConfig config, PathHandlers handlers, Consumer<Throwable> onFailure)
            throws IOException {
        this.onFailure = onFailure;
        address = (InetSocketAddress) channel.getLocalAddress();
        peers = new PeerSockets(address, config.limits(), handlers);
        acceptor = new Acceptor(channel, peers, this::fail);
        server = new SelectorServer(channel, acceptor::acceptInto, this::fail);
    }

    static BoundServer open(TransportConfig config, PathHandlers handlers, Consumer<Throwable> onFailure) {
        ServerSocketChannel channel = null;
        BoundServer listener = null;
        try {
            SocketOptions.prepare();
            channel = ServerSocketChannel.open();
            SocketOptions.configure(channel);
            channel.bind(
                    new InetSocketAddress(InetAddress.getByName(config.host()), config.port()), SocketOptions.BACKLOG);
            channel.configureBlocking(false);
            listener = new BoundServer(channel, config, handlers, onFailure);
            listener.server.start(START);
            listener.acceptor.start();
            return listener;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // An error too: without a thread for the selector the port must not stay bound.
            if (listener != null) {
                listener.close(Duration.ZERO);
            }
            Closeables.close(channel);
            throw new ListenException(config.host(), config.port(), e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    int peers() {
        return peers.size();
    }

    /**
     * Ends everything at once, because a thread that nothing here can do without has died. Called on that thread; it would
     * wait for itself if it waited for the listener of {@link #onFailure} to close this.
     */
    private void fail(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            failure = cause;
            try {
                MemoryShortage.outlast(endAtOnce);
            } finally {
                MemoryShortage.outlast(reportFailure);
            }
        }
    }

    private void reportFailure() {
        onFailure.accept(failure);
    }

    void close(Duration timeout) {
        ended.set(true);
        end(timeout);
    }

    private void end(Duration timeout) {
        acceptor.close(STOP);
        peers.forEach(PeerSocket::shutDown);
        boolean empty = peers.awaitEmpty(timeout);
        if (empty) {
            peers.halfClosed().awaitNone(timeout);
        }
        peers.forEach(PeerSocket::expire);
        if (!empty) {
            peers.awaitEmpty(LAST_CALLS);
        }
        peers.end();
        server.close(STOP);
    }
}
