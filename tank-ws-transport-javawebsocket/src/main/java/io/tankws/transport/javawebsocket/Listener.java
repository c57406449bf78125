package io.tankws.transport.javawebsocket;

import io.tankws.ConnectionHandler;
import io.tankws.ListenException;
import io.tankws.spi.TransportConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Map;

/** A bound port with all that runs behind it. */
final class Listener {
    private static final int BACKLOG = 1024;
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** How long connections may take to report their end once they have been cut off. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(1);

    private final InetSocketAddress address;
    private final Peers peers;
    private final Acceptor acceptor;
    private final LibraryServer server;

    private Listener(ServerSocketChannel channel, TransportConfig config, Map<String, ConnectionHandler> handlers)
            throws IOException {
        address = (InetSocketAddress) channel.getLocalAddress();
        peers = new Peers(address, config.limits(), handlers);
        acceptor = new Acceptor(channel, peers);
        server = new LibraryServer(channel, acceptor::acceptInto);
    }

    static Listener open(TransportConfig config, Map<String, ConnectionHandler> handlers) {
        ServerSocketChannel channel = null;
        Listener listener = null;
        try {
            channel = ServerSocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(InetAddress.getByName(config.host()), config.port()), BACKLOG);
            channel.configureBlocking(false);
            listener = new Listener(channel, config, handlers);
            listener.server.start(START);
            listener.acceptor.start();
            return listener;
        } catch (IOException | RuntimeException e) {
            if (listener != null) {
                listener.close(Duration.ZERO);
            }
            Sockets.close(channel);
            throw new ListenException(config.host(), config.port(), e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    int peers() {
        return peers.size();
    }

    void close(Duration timeout) {
        acceptor.close(STOP);
        peers.forEach(Peer::shutDown);
        boolean ended = peers.awaitEmpty(timeout);
        if (ended) {
            peers.halfClosed().awaitNone(timeout);
        }
        peers.forEach(Peer::expire);
        if (!ended) {
            peers.awaitEmpty(LAST_CALLS);
        }
        server.close(STOP);
    }
}
