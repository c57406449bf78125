package io.tankws.spi;

import io.tankws.HandshakeHandler;
import io.tankws.spi.support.PathHandlers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One listening port. Made by a {@link TransportProvider}, started once, closed once; a new one may listen on the same
 * port as soon as {@link #close} has returned. Safe for use by several threads.
 *
 * <p>A request to a path without a handler gets a 404; one to a path with a handler is handed over as a
 * {@link TransportHandshake} even if it is no valid handshake, so that all transports judge alike. A request with a
 * malformed path gets a 400.
 */
public interface Transport {
    /**
     * Adds a path or replaces its handler, before or after the start.
     *
     * @param path compared as {@link PathHandlers} does
     * @param handler what stands behind it
     */
    void handle(String path, HandshakeHandler handler);

    /**
     * Sets the listener for the failure of this transport: a thread that it cannot do without has died, and it can
     * accept no more connections. The transport then closes its port and its connections and calls the listener once,
     * with the cause, on a thread of its own; the listener must neither block nor throw. A transport that survives every
     * failure never calls it.
     *
     * @param listener called at most once; set before {@link #start}
     */
    default void onFailure(Consumer<Throwable> listener) {}

    /**
     * Listens.
     *
     * @throws io.tankws.ListenException if it cannot; everything is released then
     */
    void start();

    /**
     * Returns where it listens.
     *
     * @return the bound address
     * @throws IllegalStateException before the start
     */
    InetSocketAddress address();

    /**
     * Stops to listen, closes open connections with 1001, cuts off who does not answer, and frees port and threads
     * before it returns. Every {@link ConnectionListener#onClose} has been called by then. A later call waits for the
     * first. A call on a thread of the transport itself returns at once, and another thread closes. Nothing happens if it
     * was never started.
     *
     * @param timeout how long peers may take to answer, zero to cut off at once; at most a year
     */
    void close(Duration timeout);
}
