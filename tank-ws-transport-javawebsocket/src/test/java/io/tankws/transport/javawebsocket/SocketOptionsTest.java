package io.tankws.transport.javawebsocket;

import static java.net.StandardSocketOptions.SO_KEEPALIVE;
import static java.net.StandardSocketOptions.SO_REUSEADDR;
import static java.net.StandardSocketOptions.SO_SNDBUF;
import static java.net.StandardSocketOptions.TCP_NODELAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ServerLimits;
import io.tankws.spi.support.PathHandlers;
import io.tankws.spi.support.SocketOptions;
import io.tankws.spi.support.WriteBufferPool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The options that the class {@link SocketOptions} names; the other transport has the same test. */
class SocketOptionsTest {
    @Test
    void acceptedAndListeningSocketsAreConfigured() throws Exception {
        try (ServerSocketChannel listening = ServerSocketChannel.open();
                Selector selector = Selector.open()) {
            SocketOptions.configure(listening);
            assertTrue(listening.getOption(SO_REUSEADDR));
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listening.configureBlocking(false);
            InetSocketAddress address = (InetSocketAddress) listening.getLocalAddress();
            PeerSockets peers = new PeerSockets(address, ServerLimits.defaults(), new PathHandlers());
            Acceptor acceptor = new Acceptor(listening, peers, cause -> {});
            acceptor.start();
            acceptor.acceptInto(selector);
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                Fixture.await(() -> peers.size() == 1);
                peers.forEach(peer ->
                        check(client, (SocketChannel) peer.getSelectionKey().channel()));
                peers.forEach(PeerSocket::drop);
            } finally {
                acceptor.close(Duration.ofSeconds(5));
            }
        }
    }

    private static void check(Socket client, SocketChannel accepted) {
        try {
            assertEquals(client.getLocalSocketAddress(), accepted.getRemoteAddress());
            assertTrue(accepted.getOption(TCP_NODELAY));
            assertTrue(accepted.getOption(SO_KEEPALIVE));
            int sendBuffer = accepted.getOption(SO_SNDBUF);
            try (SocketChannel other = SocketChannel.open()) {
                other.setOption(SO_SNDBUF, WriteBufferPool.SEND_BUFFER_BYTES);
                assertEquals(other.getOption(SO_SNDBUF), sendBuffer);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
