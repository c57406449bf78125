package io.tankws.spi.support;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The options of a transport's sockets, the same on every transport with sockets: {@code SO_REUSEADDR} and a backlog
 * of {@value #BACKLOG} for the listening socket, {@code TCP_NODELAY}, {@code SO_KEEPALIVE} and a send buffer of
 * {@link WriteBufferPool#SEND_BUFFER_BYTES} for each accepted one. Keep-alive lets the operating system detect lost
 * peers when the heartbeat is off.
 *
 * <p>For transports; not to be extended.
 */
public final class SocketOptions {
    /**
     * The number of connections that may wait to be accepted. The operating system may lower it, and refuses more.
     */
    public static final int BACKLOG = 1024;

    private SocketOptions() {}

    /**
     * Loads the JDK's code for closing sockets. Loading takes a descriptor, and if the first attempt finds none, no
     * socket of the process can ever be closed. Called before a server listens.
     *
     * @throws IOException if no descriptor remains
     */
    public static void prepare() throws IOException {
        SocketChannel.open().close();
    }

    /**
     * Configures a listening socket.
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
     * @throws IOException if the socket is closed, or the system knows already that the peer has disconnected
     */
    public static void configure(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, WriteBufferPool.SEND_BUFFER_BYTES);
    }
}
