package io.tankws.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.CloseStatus;
import io.tankws.HandshakeRequest;
import io.tankws.protocol.centrifuge.CentrifugeException;
import io.tankws.protocol.centrifuge.ConnectAttempt;
import io.tankws.protocol.centrifuge.ConnectDecision;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The decisions of an authenticator on tokens of connect requests. */
final class Decisions {
    private Decisions() {}

    static HandshakeRequest.Builder request(String target) {
        return HandshakeRequest.builder(target, new InetSocketAddress("127.0.0.1", 1));
    }

    private static CompletionStage<ConnectDecision> ask(JwtAuthenticator authenticator, String token) {
        return authenticator.authenticate(new ConnectAttempt(
                token, Optional.empty(), "js", "1", Map.of(), request("/").build()));
    }

    static ConnectDecision.Accepted accepted(JwtAuthenticator authenticator, String token) {
        return assertInstanceOf(
                ConnectDecision.Accepted.class,
                ask(authenticator, token).toCompletableFuture().join());
    }

    static void assertInvalid(JwtAuthenticator authenticator, String token) {
        ConnectDecision decision =
                ask(authenticator, token).toCompletableFuture().join();
        CloseStatus status =
                assertInstanceOf(ConnectDecision.Refused.class, decision).status();
        assertEquals(3500, status.code());
    }

    static void assertExpired(JwtAuthenticator authenticator, String token) {
        CentrifugeException error = failure(ask(authenticator, token));
        assertEquals(CentrifugeException.TOKEN_EXPIRED, error.code());
    }

    static void assertUnavailable(JwtAuthenticator authenticator, String token) {
        CentrifugeException error = failure(ask(authenticator, token));
        assertEquals(100, error.code());
        assertEquals(true, error.isTemporary());
    }

    static CentrifugeException failure(CompletionStage<?> stage) {
        CompletionException failure = assertThrows(
                CompletionException.class, () -> stage.toCompletableFuture().join());
        return assertInstanceOf(CentrifugeException.class, failure.getCause());
    }
}
