package io.tankws.examples;

import io.tankws.HandshakeRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** The shared secret, if there is one; compared in a time that tells nothing about it. */
final class Token {
    private static final String BEARER = "Bearer ";
    private final byte[] secret;

    /** An empty one admits everybody. */
    Token(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Takes it from the query, or as a Bearer token (RFC 6750 section 2.1). */
    boolean admits(HandshakeRequest request) {
        Optional<String> bearer = request.header("Authorization")
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()));
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
