package io.tankws.protocol.centrifuge;

import io.tankws.HandshakeRequest;
import io.tankws.Payload;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connect request of a client, or a refresh of its connection.
 *
 * @param token the token of the client; empty if it has none
 * @param data data of the client for the application; empty if there is none, as always at a refresh
 * @param name the name of the SDK, such as {@code js}; as the client states it
 * @param version the version of the SDK; as the client states it
 * @param headers texts that stand for headers of a request, because browsers cannot set those; as the client states
 *     them
 * @param handshakeRequest the request that the connection began with
 */
public record ConnectAttempt(
        String token,
        Optional<Payload> data,
        String name,
        String version,
        Map<String, String> headers,
        HandshakeRequest handshakeRequest) {
    /**
     * Creates an attempt.
     *
     * @param token the token of the client; empty if it has none
     * @param data data of the client; empty if there is none
     * @param name the name of the SDK
     * @param version the version of the SDK
     * @param headers texts that stand for headers; copied
     * @param handshakeRequest the request that the connection began with
     */
    public ConnectAttempt {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        headers = Map.copyOf(headers);
        Objects.requireNonNull(handshakeRequest, "handshakeRequest");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectAttempt attempt
                && token.equals(attempt.token)
                && data.equals(attempt.data)
                && name.equals(attempt.name)
                && version.equals(attempt.version)
                && headers.equals(attempt.headers)
                && handshakeRequest.equals(attempt.handshakeRequest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(token, data, name, version, headers, handshakeRequest);
    }

    /** Returns the name and the version of the SDK, because the token and the headers may be secrets. */
    @Override
    public String toString() {
        return "ConnectAttempt[" + name + " " + version + "]";
    }
}
