package io.tankws.auth.jwt;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.Verification;
import io.tankws.auth.jwt.TokenException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The verification of tokens. Thread-safe.
 *
 * <p>Exceptions of the JWT library quote tokens, so none of them leaves this class.
 */
final class TokenVerifier {
    /** The algorithms of keys that a server may publish. Other tokens cause no request. */
    private static final Set<String> PUBLISHED = Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

    private final VerificationKeys keys;
    /** Published keys, or {@code null} if no server publishes keys. */
    private final @Nullable RemoteKeys remote;
    /** Required audience, or {@code null} if every audience is accepted. */
    private final @Nullable String audience;
    /** Required issuer, or {@code null} if every issuer is accepted. */
    private final @Nullable String issuer;

    private final Duration leeway;
    private final int maxTokenLength;

    TokenVerifier(JwtAuthenticator.Builder builder, @Nullable RemoteKeys remote) {
        keys = builder.keys();
        this.remote = remote;
        audience = builder.audience();
        issuer = builder.issuer();
        leeway = builder.leeway();
        maxTokenLength = builder.maxTokenLength();
    }

    /** Verifies a token and returns its claims. May block for the timeout of a request for keys. */
    TokenClaims verify(String token) throws TokenException {
        if (token.isEmpty() || token.length() > maxTokenLength) {
            throw new TokenException(Reason.INVALID);
        }
        DecodedJWT decoded = decode(token);
        String algorithm = decoded.getAlgorithm();
        // No extension of RFC 7515 section 4.1.11 is known here, so a critical one must be refused.
        if (algorithm == null || !decoded.getHeaderClaim("crit").isMissing()) {
            throw new TokenException(Reason.INVALID);
        }
        String keyId = decoded.getKeyId();
        if (isVerified(decoded, keys.matching(algorithm, keyId))) {
            return claims(decoded);
        }
        if (remote != null && keyId != null && PUBLISHED.contains(algorithm) && !keys.contains(keyId)) {
            VerificationKeys published = remote.keysFor(keyId);
            if (isVerified(decoded, published.matching(algorithm, keyId))) {
                return claims(decoded);
            }
        }
        throw new TokenException(Reason.INVALID);
    }

    private static DecodedJWT decode(String token) throws TokenException {
        try {
            return JWT.decode(token);
        } catch (RuntimeException malformed) {
            throw new TokenException(Reason.INVALID);
        }
    }

    /** Returns whether one of the keys has signed the token. Throws if the signed claims do not allow its use. */
    private boolean isVerified(DecodedJWT token, List<Algorithm> algorithms) throws TokenException {
        for (Algorithm algorithm : algorithms) {
            try {
                verification(algorithm).build().verify(token);
                return true;
            } catch (SignatureVerificationException otherKey) {
                // Another key may have signed it.
            } catch (TokenExpiredException expired) {
                throw new TokenException(Reason.EXPIRED);
            } catch (RuntimeException invalid) {
                throw new TokenException(Reason.INVALID);
            }
        }
        return false;
    }

    private Verification verification(Algorithm algorithm) {
        // The time of issue is information only (RFC 7519 section 4.1.6), and clocks of issuers may be fast.
        Verification verification =
                JWT.require(algorithm).acceptLeeway(leeway.toSeconds()).ignoreIssuedAt();
        if (audience != null) {
            verification.withAudience(audience);
        }
        if (issuer != null) {
            verification.withIssuer(issuer);
        }
        return verification;
    }

    private static TokenClaims claims(DecodedJWT token) throws TokenException {
        try {
            return TokenClaims.parse(Base64.getUrlDecoder().decode(token.getPayload()));
        } catch (IOException | RuntimeException malformed) {
            throw new TokenException(Reason.INVALID);
        }
    }
}
