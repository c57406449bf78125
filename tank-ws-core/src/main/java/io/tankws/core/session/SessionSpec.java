package io.tankws.core.session;

import io.tankws.HandshakeRequest;
import io.tankws.spi.ClientProtocol;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a session.
 *
 * @param number number of the session; positive and unique in the process
 * @param terms terms of the identity; with an empty user id if the client authenticates after the handshake
 * @param permit permit that the end of the session releases
 * @param protocol protocol of the route, or {@code null} for the plain protocol
 * @param admission admission of a client that authenticates after the handshake
 */
public record SessionSpec(
        long number,
        Admission.Terms terms,
        HandshakeRequest handshake,
        Optional<String> subprotocol,
        ConnectionQuota.Permit permit,
        @Nullable ClientProtocol protocol,
        Admission admission) {}
