package io.tankws;

/**
 * One handshake that waits for its decision. {@link Manager#handleConnection} decides; a route may look at it first
 * and refuse it, or hand it to one of several managers.
 *
 * <p>It is decided once, from any thread, before the transport's deadline: {@link ServerLimits#handshakeTimeout()}
 * and {@link ServerLimits#authenticationTimeout()} of the server after the request, or that of a manager which has
 * begun to decide.
 *
 * <p>Implemented by transports. Not to be implemented by applications; methods may be added.
 */
public interface Handshake {
    /**
     * Returns what the peer asks for.
     *
     * @return the request; possibly no valid one, see {@link HandshakeRequest#violation()}
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
