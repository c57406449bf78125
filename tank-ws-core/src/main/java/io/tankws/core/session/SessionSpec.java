package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.HandshakeRequest;
import io.tankws.Payload;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a session.
 *
 * @param number number of the session; positive and unique in the process
 * @param limits limits of the manager or the identity
 * @param permit permit that the end of the session releases
 */
public record SessionSpec(
        long number,
        String userId,
        HandshakeRequest handshake,
        Optional<String> subprotocol,
        Map<String, Object> attributes,
        Optional<Payload> info,
        Optional<Instant> expiresAt,
        ClientLimits limits,
        ConnectionQuota.Permit permit) {}
