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
import org.jspecify.annotations.Nullable;

/** One bound port with its acceptor, its selector and its peers. */
final class BoundServer {
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** The time in which connections must report their end after they were aborted. */
    private static final Duration END_REPORTS = Duration.ofSeconds(1);

    private final InetSocketAddress address;
    private final PeerSockets peers;
    private final Acceptor acceptor;
    private final SelectorServer selectors;

    private final Consumer<Throwable> onFailure;
    private final AtomicBoolean ended = new AtomicBoolean();
    /** Created in advance, like the next one: there may be no memory when they are needed. */
    private final Runnable endAtOnce = () -> end(Duration.ZERO);

    private final Runnable reportFailure = this::reportFailure;
    private volatile @Nullable Throwable failure;

    private BoundServer(
            ServerSocketChannel channel, TransportConfig config, PathHandlers handlers, Consumer<Throwable> onFailure)
            throws IOException {
        this.onFailure = onFailure;
        address = (InetSocketAddress) channel.getLocalAddress();
        peers = new PeerSockets(address, config.limits(), handlers);
        acceptor = new Acceptor(channel, peers, this::fail);
        selectors = new SelectorServer(channel, acceptor::acceptInto, this::fail);
    }

    static BoundServer open(TransportConfig config, PathHandlers handlers, Consumer<Throwable> onFailure) {
        ServerSocketChannel channel = null;
        BoundServer server = null;
        try {
            SocketOptions.prepare();
            channel = ServerSocketChannel.open();
            SocketOptions.configure(channel);
            channel.bind(
                    new InetSocketAddress(InetAddress.getByName(config.host()), config.port()), SocketOptions.BACKLOG);
            channel.configureBlocking(false);
            server = new BoundServer(channel, config, handlers, onFailure);
            server.selectors.start(START);
            server.acceptor.start();
            return server;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // Also an error: without a thread for the selector the port must not stay bound.
            if (server != null) {
                server.close(Duration.ZERO);
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
     * Ends the server at once, because a thread that it needs has died. Called on that thread, which would wait for
     * itself if it waited for the listener of {@link #onFailure} to close this server.
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
            peers.awaitEmpty(END_REPORTS);
        }
        peers.end();
        selectors.close(STOP);
    }
}
