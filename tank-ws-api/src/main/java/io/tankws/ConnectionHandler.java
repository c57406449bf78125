package io.tankws;

/** What stands behind a path of a {@link WebSocketServer}; usually {@code manager::handleConnection}. */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Takes one request to this path, be it a valid handshake or not. Called on a transport's thread: it must not
     * block, and may decide later from another thread. If it throws, the peer gets a 500.
     *
     * @param handshake decided once
     */
    void handleConnection(Handshake handshake);
}
