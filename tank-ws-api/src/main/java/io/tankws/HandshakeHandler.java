package io.tankws;

/**
 * A handler of the handshakes that arrive at a path; usually a {@link Manager}.
 *
 * <p>A {@link WebSocketServer} calls a manager on the transport's thread, because it never blocks. It calls every
 * other handler, also {@code manager::handleConnection}, on a callback thread of the path, where the handler may
 * block. The server then learns of a manager behind the handler only when a handshake arrives. If that manager
 * requires a capability which the transport does not have, the handshake gets a 500, and the manager reports and logs
 * why. A call that has not returned after {@link ServerLimits#authenticationTimeout()} is interrupted, and the peer
 * gets a 503 unless the handshake has been decided. A server of the application that a transport is mounted on calls
 * every handler on its own thread: there a handler must not block.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface HandshakeHandler {
    /**
     * Takes one request to this path, whether it is a valid handshake or not. The handler may decide later, from
     * another thread. If it throws, the peer gets a 500.
     *
     * @param handshake decided once
     */
    void handleConnection(Handshake handshake);
}
