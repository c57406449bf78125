package io.tankws.spi;

import io.tankws.RouteProtocol;
import java.util.List;

/**
 * A protocol that clients speak on a route, instead of the plain protocol. All protocols of one manager share its
 * topics.
 *
 * <p>{@link io.tankws.Manager#endpoint(RouteProtocol)} makes a handler of a route. A protocol with a public
 * constructor without parameters is also found by its name. A module declares it with {@code provides} in its {@code
 * module-info}, and in {@code META-INF/services} for the class path.
 *
 * <p>Thread-safe.
 *
 * <p>Implemented by protocols.
 */
public interface ClientProtocol extends RouteProtocol {
    /**
     * Returns the subprotocols that a handshake on the route may agree on (RFC 6455 section 1.9). The server chooses
     * the first one that the client offers too, and none if the client offers none of them. The subprotocols of {@link
     * io.tankws.Upgrader} have no effect on the route.
     *
     * @return the names in order of preference; empty by default
     */
    default List<String> subprotocols() {
        return List.of();
    }

    /**
     * Returns whether clients authenticate with a message of the protocol, after the handshake. The {@link
     * io.tankws.Authenticator} of the manager is then not asked at the handshake, and the protocol must call {@link
     * ProtocolConnection#authenticate} within {@link io.tankws.ManagerLimits#loginTimeout()}. A protocol without an
     * authentication of its own asks {@link ProtocolConnection#askAuthenticator}, so that the route is as safe as
     * every other route.
     *
     * @return {@code false} by default
     */
    default boolean authenticatesAfterHandshake() {
        return false;
    }

    /**
     * Opens the session of a connection. Called when the handshake is complete, before any input. If this method
     * throws, the connection is closed.
     *
     * @param connection the connection, with its request and the agreed subprotocol
     * @return a new session
     */
    ProtocolSession open(ProtocolConnection connection);
}
