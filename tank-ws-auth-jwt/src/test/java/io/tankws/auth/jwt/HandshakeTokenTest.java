package io.tankws.auth.jwt;

import static io.tankws.auth.jwt.Decisions.request;
import static io.tankws.auth.jwt.TestTokens.SECRET;
import static io.tankws.auth.jwt.TestTokens.hs256;
import static io.tankws.auth.jwt.TestTokens.inSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.HandshakeRequest;
import io.tankws.Identity;
import io.tankws.Refusal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens in handshakes of the plain protocol. */
class HandshakeTokenTest {
    private static final JwtAuthenticator AUTHENTICATOR =
            JwtAuthenticator.builder().secret(SECRET).build();
    private static final String ANN = hs256("{\"sub\":\"ann\"}");
    private static final String BOB = hs256("{\"sub\":\"bob\"}");

    private static Authentication ask(Authenticator authenticator, HandshakeRequest.Builder request) {
        return authenticator.authenticate(request.build()).toCompletableFuture().join();
    }

    private static Refusal refusal(Authentication decision) {
        return assertInstanceOf(Authentication.Refused.class, decision).refusal();
    }

    private static void assertAccepted(String userId, Authentication decision) {
        assertEquals(Authentication.accepted(new Identity(userId)), decision);
    }

    @Test
    void theBearerTokenOfAHeaderNamesTheUser() {
        Authenticator authenticator = AUTHENTICATOR.handshakeAuthenticator();
        assertAccepted("ann", ask(authenticator, request("/ws").header("Authorization", "Bearer " + ANN)));
        assertAccepted("ann", ask(authenticator, request("/ws").header("Authorization", "bearer  " + ANN)));
    }

    @Test
    void theParameterOfAQueryNamesTheUserUnlessAHeaderDoes() {
        Authenticator authenticator = AUTHENTICATOR.handshakeAuthenticator("jwt");
        assertAccepted("ann", ask(authenticator, request("/ws?jwt=" + ANN)));
        assertAccepted("bob", ask(authenticator, request("/ws?jwt=" + ANN).header("Authorization", "Bearer " + BOB)));
        assertEquals(
                401,
                refusal(ask(authenticator, request("/ws?jwt=" + ANN).header("Authorization", "Bearer x")))
                        .status());
        assertEquals(
                401,
                refusal(ask(AUTHENTICATOR.handshakeAuthenticator(), request("/ws?jwt=" + ANN)))
                        .status());
    }

    @Test
    void aTokenIsDemandedAndAnInvalidOneIsNamed() {
        Authenticator authenticator = AUTHENTICATOR.handshakeAuthenticator();
        Refusal missing = new Refusal(401, "a token is required", Map.of("WWW-Authenticate", "Bearer"));
        assertEquals(missing, refusal(ask(authenticator, request("/ws"))));
        assertEquals(missing, refusal(ask(authenticator, request("/ws").header("Authorization", "Basic " + ANN))));
        String invalid = "Bearer error=\"invalid_token\"";
        assertEquals(
                new Refusal(401, "the token is invalid", Map.of("WWW-Authenticate", invalid)),
                refusal(ask(authenticator, request("/ws").header("Authorization", "Bearer x"))));
        String expired = hs256("{\"sub\":\"ann\",\"exp\":" + inSeconds(-10) + "}");
        assertEquals(
                new Refusal(401, "the token has expired", Map.of("WWW-Authenticate", invalid)),
                refusal(ask(authenticator, request("/ws").header("Authorization", "Bearer " + expired))));
    }

    @Test
    void theIdentityExpiresWithTheToken() {
        long soon = inSeconds(100);
        assertEquals(
                Authentication.accepted(new Identity("ann").withExpiry(Instant.ofEpochSecond(soon))),
                ask(
                        AUTHENTICATOR.handshakeAuthenticator(),
                        request("/ws")
                                .header("Authorization", "Bearer " + hs256("{\"sub\":\"ann\",\"exp\":" + soon + "}"))));
    }

    @Test
    void anOutageOfTheKeyServerIsNoFaultOfTheClient() {
        try (KeyServer server = new KeyServer()) {
            Authenticator authenticator =
                    JwtAuthenticator.builder().keySet(server.uri()).build().handshakeAuthenticator();
            String token = TestTokens.rs256("a", "{\"sub\":\"ann\"}", TestTokens.RSA);
            assertEquals(
                    503,
                    refusal(ask(authenticator, request("/ws").header("Authorization", "Bearer " + token)))
                            .status());
        }
    }
}
