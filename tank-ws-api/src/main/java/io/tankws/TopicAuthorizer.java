package io.tankws;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The decision about the actions of clients on topics. Called on a callback thread, see {@link
 * ManagerLimits#callbackThreads()}, so it may block. Several calls may run at once, but for the commands of one client
 * at most one: later input of that client waits, and its socket is not read until the decision.
 *
 * <p>An action is denied if the call throws, if its stage fails or completes with {@code null}, or if there is no
 * decision after {@link ManagerLimits#authorizationTimeout()}. A call that runs at that time is interrupted. If it
 * continues nevertheless, it counts as one of {@link ManagerLimits#maxAbandonedCalls()}. Each denial is an {@link
 * ErrorEvent} with {@link ErrorCode#AUTHORIZATION_FAILED} and a {@link TopicDenial}.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface TopicAuthorizer {
    /**
     * Decides on one request.
     *
     * @param request the client, the action and the topic
     * @return the decision, now or later
     */
    CompletionStage<TopicDecision> authorize(TopicRequest request);

    /**
     * Makes an authorizer of a function that answers at once, or blocks.
     *
     * @param decision the function
     * @return an authorizer
     */
    static TopicAuthorizer of(Function<TopicRequest, TopicDecision> decision) {
        Objects.requireNonNull(decision, "decision");
        return request -> CompletableFuture.completedFuture(decision.apply(request));
    }
}
