package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.HandshakeRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Who has been let in, and on which terms.
 *
 * @param number above 0, unique within the process
 * @param limits of the manager or the identity
 * @param place to be released at the end
 */
public record SessionSpec(
        long number,
        String userId,
        HandshakeRequest handshake,
        Optional<String> subprotocol,
        Map<String, Object> attributes,
        Optional<Instant> expiresAt,
        ClientLimits limits,
        ConnectionQuota.Place place) {}
