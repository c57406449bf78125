package io.tankws;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Decides who may connect. Called on a callback thread, see {@link ManagerLimits#callbackThreads()}, so it may block.
 * After {@link ManagerLimits#authenticationTimeout()} the peer gets a 503 and the call is interrupted; a call that
 * goes on all the same counts as one of {@link ManagerLimits#maxAbandonedCalls()}. If it throws, the peer gets a 500.
 * Several calls may run at once.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Decides on one request.
     *
     * @param request a valid handshake
     * @return the decision, now or later
     */
    CompletionStage<Authentication> authenticate(HandshakeRequest request);

    /**
     * Makes an authenticator of a function that answers at once, or blocks.
     *
     * @param decision the function
     * @return an authenticator
     */
    static Authenticator of(Function<HandshakeRequest, Authentication> decision) {
        Objects.requireNonNull(decision, "decision");
        return request -> CompletableFuture.completedFuture(decision.apply(request));
    }
}
