package io.tankws.spi;

import io.tankws.HandshakeHandler;
import io.tankws.spi.support.PathHandlers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A listening port. Created by a {@link TransportProvider}, started once and closed once; a new transport can listen
 * on the same port as soon as {@link #close} has returned. Safe for use by several threads.
 *
 * <p>A request for a path without a handler gets a 404. A request for a path with a handler becomes a
 * {@link TransportHandshake} even if it is no valid handshake, so that all transports treat it alike. A request with
 * a malformed path gets a 400.
 *
 * <p>Implemented by transports.
 */
public interface Transport {
    /**
     * Adds a path or replaces its handler, before or after the start.
     *
     * @param path compared as {@link PathHandlers} does
     * @param handler receives the handshakes for the path
     */
    void handle(String path, HandshakeHandler handler);

    /**
     * Sets the listener for a failure of this transport after which it cannot accept connections, such as the death
     * of a thread. The transport then closes its port and its connections, and calls the listener once with the cause
     * on a separate thread. The listener must neither block nor throw. By default the listener is ignored, for
     * transports that survive every failure.
     *
     * @param listener called at most once; set before {@link #start}
     */
    default void onFailure(Consumer<Throwable> listener) {}

    /**
     * Listens for connections.
     *
     * @throws io.tankws.ListenException if the address is not available; all resources are released then
     */
    void start();

    /**
     * Returns the bound address.
     *
     * @return the address with the actual port
     * @throws IllegalStateException before the start
     */
    InetSocketAddress address();

    /**
     * Stops listening, closes open connections with 1001, disconnects peers that do not answer within the timeout,
     * and releases port and threads before it returns. Every {@link ConnectionListener#onClose} has been called when
     * it returns. A later call waits for the first. A call on a thread of the transport returns at once, and another
     * thread closes the transport. Nothing happens if the transport was never started.
     *
     * @param timeout the time that peers have to answer, at most a year; zero to disconnect them at once
     */
    void close(Duration timeout);
}
