package io.tankws.transport.jetty;

import static java.net.StandardSocketOptions.SO_KEEPALIVE;
import static java.net.StandardSocketOptions.SO_REUSEADDR;
import static java.net.StandardSocketOptions.SO_SNDBUF;
import static java.net.StandardSocketOptions.TCP_NODELAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.spi.support.SocketOptions;
import io.tankws.spi.support.WriteBufferPool;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

/** The options that the class {@link SocketOptions} names; the other transport has the same test. */
class SocketOptionsTest {
    @Test
    void acceptedAndListeningSocketsAreConfigured() throws Exception {
        Server server = new Server();
        ChannelConnector connector = new ChannelConnector(
                server, 1, 1, new RequestHeadBudget(4096), cause -> {}, new HttpConnectionFactory());
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            TransportTestBase.await(() -> connector.getConnectedEndPoints().size() == 1);
            SocketChannel accepted = (SocketChannel)
                    connector.getConnectedEndPoints().iterator().next().getTransport();
            assertEquals(client.getLocalSocketAddress(), accepted.getRemoteAddress());
            assertTrue(accepted.getOption(TCP_NODELAY));
            assertTrue(accepted.getOption(SO_KEEPALIVE));
            // The system may round it up, as far as it allows.
            int sendBuffer = accepted.getOption(SO_SNDBUF);
            try (SocketChannel other = SocketChannel.open()) {
                other.setOption(SO_SNDBUF, WriteBufferPool.SEND_BUFFER_BYTES);
                assertEquals(other.getOption(SO_SNDBUF), sendBuffer);
            }
            assertTrue(((ServerSocketChannel) connector.getTransport()).getOption(SO_REUSEADDR));
        } finally {
            server.stop();
        }
    }
}
