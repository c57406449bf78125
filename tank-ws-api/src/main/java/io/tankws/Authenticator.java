package io.tankws;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The decision about the clients that may connect. Called on a callback thread, see {@link
 * ManagerLimits#callbackThreads()}, so it may block. After {@link ManagerLimits#authenticationTimeout()} the peer
 * gets status 503 and the call is interrupted. A call that continues counts as one of {@link
 * ManagerLimits#maxAbandonedCalls()}. If the call throws, the peer gets status 500. Several calls may run at once.
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
