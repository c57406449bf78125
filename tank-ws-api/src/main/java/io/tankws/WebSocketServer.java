package io.tankws;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A listening port whose paths lead to {@link HandshakeHandler}s; {@code io.tankws.core.TankWs.serve()} makes them.
 * Safe for use by several threads.
 *
 * <p>Not to be implemented by applications; methods may be added.
 */
public interface WebSocketServer extends AutoCloseable {
    /**
     * Adds a path, or replaces its handler. Existing connections stay open.
     *
     * <p>Paths are compared in normalized form (RFC 3986 section 6.2.2): {@code /chät}, {@code /ch%C3%A4t} and {@code
     * /ch%c3%a4t} are the same path, and so are {@code /ws} and {@code /%77s}. Reserved characters keep their
     * meaning: {@code /a:b} is not {@code /a%3Ab}. A request whose path is malformed gets a 400 on every path: it has
     * an incomplete escape, bytes that are not UTF-8, a segment {@code .} or {@code ..}, a backslash or a control
     * character, or an escaped slash.
     *
     * @param path such as {@code /ws}, with or without percent-encoding; exact, no pattern
     * @param handler usually a {@link Manager}
     * @return this
     * @throws IllegalArgumentException if the path does not begin with a slash, holds a query or a fragment, or is
     *     malformed; a percent sign must be written as {@code %25}
     * @throws IllegalStateException if the handler is a manager and its limits contradict those of this server, or
     *     its upgrader requires what the transport cannot do; nothing is changed then
     */
    WebSocketServer handle(String path, HandshakeHandler handler);

    /**
     * Returns the address that the server listens on.
     *
     * @return the bound address, with the real port where 0 was asked for
     */
    InetSocketAddress address();

    /**
     * Returns the port that the server listens on.
     *
     * @return the bound port
     */
    default int port() {
        return address().getPort();
    }

    /**
     * Returns the name of the transport.
     *
     * @return the name of the transport: {@code jetty}, {@code java-websocket}, {@code in-memory}
     */
    String transport();

    /**
     * Returns whether connections are encrypted.
     *
     * @return {@code true} if its URIs begin with {@code wss}
     */
    boolean isSecure();

    /**
     * Returns whether the server listens.
     *
     * @return {@code false} once it is stopped
     */
    boolean isRunning();

    /**
     * Stops to listen and closes what is still connected with 1001. When it returns, port and threads are free. Nothing
     * happens if it is stopped; a second caller waits for the first. In a callback of a manager or server it returns at
     * once, as {@link Manager#shutdown} does.
     *
     * @param timeout the time for peers to answer the close; peers that have not answered are then disconnected
     */
    void stop(Duration timeout);

    /** Stops within 1 second. */
    @Override
    void close();

    /**
     * Collects the settings of a server. Not thread-safe.
     *
     * <p>Not to be implemented by applications; methods may be added.
     */
    interface Builder {
        /**
         * Sets the address to listen on.
         *
         * @param host a name or an address of this machine; the default is {@code 127.0.0.1}, so that opening up to the
         *     network is a decision: {@code 0.0.0.0} for all addresses
         * @return this
         */
        Builder host(String host);

        /**
         * Sets the port to listen on.
         *
         * @param port 0 for any free one; the default is 8080
         * @return this
         */
        Builder port(int port);

        /**
         * Configures the limits of sockets, of request heads, and of calls of handlers of the application. The
         * default is {@link ServerLimits#defaults()}. A path that leads to a manager has the limits of that manager
         * for everything else.
         *
         * @param limits the limits
         * @return this
         */
        Builder limits(ServerLimits limits);

        /**
         * Configures TLS. The default is no TLS. Among the transports of this library, only {@code jetty} supports it.
         *
         * @param tls key of the server and the use of client certificates
         * @return this
         */
        Builder tls(Tls tls);

        /**
         * Configures the proxies from which the server takes the client's address, scheme and host. The default is
         * {@link TrustedProxies#none()}.
         *
         * @param proxies addresses and networks of proxies that the server trusts
         * @return this
         */
        Builder trustedProxies(TrustedProxies proxies);

        /**
         * Adds a path.
         *
         * @param path as for {@link WebSocketServer#handle}
         * @param handler usually a {@link Manager}
         * @return this
         */
        Builder handle(String path, HandshakeHandler handler);

        /**
         * Listens.
         *
         * @return the running server
         * @throws ListenException if it cannot listen at that address
         * @throws IllegalStateException if limits of the server and of a manager contradict each other, or a limit
         *     was set where it has no effect; the text says what to do
         * @throws TransportSelectionException if the transport cannot do what {@link #tls} or a manager's upgrader
         *     requires; the message names a transport that can
         */
        WebSocketServer start();
    }
}
