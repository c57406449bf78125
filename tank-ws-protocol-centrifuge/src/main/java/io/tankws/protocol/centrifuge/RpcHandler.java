package io.tankws.protocol.centrifuge;

import io.tankws.Client;
import io.tankws.Payload;
import java.util.concurrent.CompletionStage;

/**
 * A method of the application that clients call. Called on a callback thread, so it may block, at most for {@link
 * io.tankws.ManagerLimits#authenticationTimeout()}. The later commands of the client wait for the result. Several
 * clients may call at once.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface RpcHandler {
    /**
     * Handles one call. The stage may fail with a {@link CentrifugeException}, which the client gets as an error. Any
     * other failure is reported to the client as a temporary error.
     *
     * @param client the client that calls
     * @param argument the argument; the JSON value {@code null} if the client sent none
     * @return the result, now or later
     */
    CompletionStage<Payload> call(Client client, Payload argument);
}
