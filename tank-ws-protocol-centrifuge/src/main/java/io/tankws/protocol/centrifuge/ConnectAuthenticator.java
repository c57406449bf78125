package io.tankws.protocol.centrifuge;

import java.util.concurrent.CompletionStage;

/**
 * The decision about clients that connect. Called on a callback thread, so it may block, at most for {@link
 * io.tankws.ManagerLimits#authenticationTimeout()}. Several calls may run at once.
 *
 * <p>If the identity has an expiry, the client must bring a new token in time, and this authenticator is asked again.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface ConnectAuthenticator {
    /**
     * Decides on one attempt. The stage may fail with a {@link CentrifugeException}, which the client gets as an error.
     * Any other failure is reported to the client as a temporary error.
     *
     * @param attempt the request of the client
     * @return the decision, now or later
     */
    CompletionStage<ConnectDecision> authenticate(ConnectAttempt attempt);
}
