package io.tankws;

/**
 * A handshake that waits for its decision. {@link Manager#handleConnection} decides. A route may inspect it first and
 * refuse it, or pass it to one of several managers.
 *
 * <p>It must be decided once, from any thread, before a deadline: {@link ServerLimits#handshakeTimeout()} and {@link
 * ServerLimits#authenticationTimeout()} of the server after the request, or the timeout of a manager that has begun
 * to decide.
 *
 * <p>Implemented by transports. Not to be implemented by applications; methods may be added.
 */
public interface Handshake {
    /**
     * Returns the request of the peer.
     *
     * @return the request; it may be invalid, see {@link HandshakeRequest#violation()}
     */
    HandshakeRequest request();

    /**
     * Ends the handshake with an HTTP error.
     *
     * @param refusal the response
     * @throws IllegalStateException if it has been decided before
     */
    void refuse(Refusal refusal);
}
