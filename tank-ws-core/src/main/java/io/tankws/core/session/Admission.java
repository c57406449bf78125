package io.tankws.core.session;

import io.tankws.Authentication;
import io.tankws.ClientLimits;
import io.tankws.HandshakeRequest;
import io.tankws.Identity;
import io.tankws.Payload;
import io.tankws.spi.ClientActionException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The admission of a client with its identity, after the handshake. */
public interface Admission {
    /**
     * The parts of a session that depend on the identity.
     *
     * @param userId user id; not empty
     * @param attributes initial attributes of the client
     * @param expiresAt time of expiry; empty if the identity does not expire
     * @param limits limits of the manager or the identity
     * @param info information for other clients; empty if there is none
     */
    record Terms(
            String userId,
            Map<String, Object> attributes,
            Optional<Instant> expiresAt,
            ClientLimits limits,
            Optional<Payload> info) {}

    /**
     * Acquires the permit for the user, and closes older connections if the policy requires it. The caller must hold no
     * lock.
     *
     * @throws ClientActionException if the client is not admitted
     */
    Terms admit(HandshakeRequest request, ConnectionQuota.Permit permit, Optional<Identity> identity);

    /** A way to call user code. */
    @FunctionalInterface
    interface UserCalls {
        CompletionStage<Authentication> call(Supplier<CompletionStage<Authentication>> userCode);
    }

    /** Asks the authenticator of the manager, which accepts everybody if there is none. */
    CompletionStage<Authentication> authenticate(HandshakeRequest request, UserCalls calls);
}
