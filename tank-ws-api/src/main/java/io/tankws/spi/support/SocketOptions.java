package io.tankws.spi.support;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The options of a transport's sockets, the same on every transport with sockets: {@code SO_REUSEADDR} and a backlog of
 * {@value #BACKLOG} for the listening socket, {@code TCP_NODELAY}, {@code SO_KEEPALIVE} and a send buffer of
 * {@link WriteBufferPool#SEND_BUFFER_BYTES} for each accepted one. Keep-alive lets the operating system find peers that are
 * gone where no heartbeat is on.
 */
public final class SocketOptions {
    /** The connections that may wait to be accepted; the operating system may lower it, and refuses further ones. */
    public static final int BACKLOG = 1024;

    private SocketOptions() {}

    /**
     * Has the JDK load what it closes sockets with. That takes a descriptor, and where the first try finds none, no socket of
     * the process can be closed ever again. Called before a server listens.
     *
     * @throws IOException if there is no descriptor left
     */
    public static void prepare() throws IOException {
        SocketChannel.open().close();
    }

    /**
     * Configures a socket that is to listen.
     *
     * @param socket not bound yet
     * @throws IOException if the socket is closed
     */
    public static void configure(ServerSocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }

    /**
     * Configures an accepted socket.
     *
     * @param socket the socket
     * @throws IOException if the socket is closed; some systems also know already that the peer has left
     */
    public static void configure(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, WriteBufferPool.SEND_BUFFER_BYTES);
    }
}
