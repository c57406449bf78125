package io.tankws;

/** What stands behind a path of a {@link WebSocketServer}; usually {@code manager::handleConnection}. */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Takes one request to this path, be it a valid handshake or not. A {@link WebSocketServer} calls it off the
     * transport's threads, an application's own server that a transport is mounted on calls it on its own: there it
     * must not block. It may decide later from another thread. If it throws, the peer gets a 500.
     *
     * @param handshake decided once
     */
    void handleConnection(Handshake handshake);
}
