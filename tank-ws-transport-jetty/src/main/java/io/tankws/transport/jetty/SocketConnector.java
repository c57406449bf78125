package io.tankws.transport.jetty;

import io.tankws.spi.WriteBuffers;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts as Jetty does, but without a {@link java.net.Socket}, which each channel would keep for one option's sake. */
final class SocketConnector extends ServerConnector {
    SocketConnector(Server server, int acceptors, int selectors, ConnectionFactory... factories) {
        super(server, acceptors, selectors, factories);
    }

    @Override
    public void accept(int acceptor) throws IOException {
        ServerSocketChannel listening = (ServerSocketChannel) getTransport();
        if (listening == null || !listening.isOpen()) {
            return;
        }
        SocketChannel socket = listening.accept();
        socket.configureBlocking(false);
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_SNDBUF, WriteBuffers.SEND_BUFFER_BYTES);
        } catch (IOException e) {
            // Some systems know already that the peer has left; its end is dealt with like any other.
        }
        getSelectorManager().accept(socket);
    }
}
