package io.tankws.examples;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/** A check for a shared token. Its duration does not depend on the value of the token. */
final class TokenAuthenticator {
    /** The response to a handshake without the token: RFC 9110 section 15.5.2 requires the challenge. */
    static final Refusal REFUSAL = new Refusal(401, "a token is required", Map.of("WWW-Authenticate", "Bearer"));

    private static final String BEARER = "Bearer ";
    private final byte[] secret;

    /** Creates a check. An empty token admits every request. */
    TokenAuthenticator(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns whether a request has the token in its query or as a Bearer token (RFC 6750 section 2.1), whose scheme is
     * case-insensitive (RFC 9110 section 11.1).
     */
    boolean admits(HandshakeRequest request) {
        Optional<String> bearer = request.header("Authorization")
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip());
        return secret.length == 0
                || request.queryParameter("token")
                        .or(() -> bearer)
                        .filter(this::matches)
                        .isPresent();
    }

    private boolean matches(String candidate) {
        return MessageDigest.isEqual(candidate.getBytes(StandardCharsets.UTF_8), secret);
    }
}
