package io.tankws.auth.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key and the algorithms that it may verify. The kind of the key decides on the algorithms, so no token can make a
 * public key the secret of an HMAC.
 *
 * @param keyId the key id, or {@code null} if the key is for tokens with any key id
 * @param algorithms the algorithms by the names that tokens use
 */
record VerificationKey(@Nullable String keyId, Map<String, Algorithm> algorithms) {
    /** Minimum size of a secret in bytes, as RFC 7518 section 3.2 demands for HS256. */
    static final int MIN_SECRET_BYTES = 32;
    /** Minimum size of an RSA modulus in bits, as RFC 7518 section 3.3 demands. */
    static final int MIN_RSA_BITS = 2048;
    /** Maximum size of an RSA modulus in bits. Larger keys would make each verification slow. */
    static final int MAX_RSA_BITS = 8192;

    private static final BigInteger MAX_RSA_EXPONENT = BigInteger.ONE.shiftLeft(32);

    /** Creates the key of an HMAC. Throws {@link IllegalArgumentException} if the secret is too short. */
    static VerificationKey ofSecret(@Nullable String keyId, byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "a secret must have at least " + MIN_SECRET_BYTES + " bytes, but had " + secret.length);
        }
        return new VerificationKey(
                keyId,
                Map.of(
                        "HS256", Algorithm.HMAC256(secret),
                        "HS384", Algorithm.HMAC384(secret),
                        "HS512", Algorithm.HMAC512(secret)));
    }

    /** Creates the key of a signature. Throws {@link IllegalArgumentException} if the key cannot be used. */
    static VerificationKey ofPublicKey(@Nullable String keyId, PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new VerificationKey(keyId, ofRsa(rsa));
        }
        if (key instanceof ECPublicKey ec) {
            return new VerificationKey(keyId, ofEc(ec));
        }
        throw new IllegalArgumentException("a public key must be an RSA or an EC key, but was " + key.getAlgorithm());
    }

    private static Map<String, Algorithm> ofRsa(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new IllegalArgumentException(
                    "an RSA key must have " + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " bits, but had " + bits);
        }
        BigInteger exponent = key.getPublicExponent();
        if (exponent.compareTo(MAX_RSA_EXPONENT) > 0 || exponent.compareTo(BigInteger.ONE) <= 0) {
            throw new IllegalArgumentException("the exponent of an RSA key must be 2 to 2^32");
        }
        return Map.of(
                "RS256", Algorithm.RSA256(key, null),
                "RS384", Algorithm.RSA384(key, null),
                "RS512", Algorithm.RSA512(key, null));
    }

    private static Map<String, Algorithm> ofEc(ECPublicKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        return switch (bits) {
            case 256 -> Map.of("ES256", Algorithm.ECDSA256(key, null));
            case 384 -> Map.of("ES384", Algorithm.ECDSA384(key, null));
            case 521 -> Map.of("ES512", Algorithm.ECDSA512(key, null));
            default ->
                throw new IllegalArgumentException(
                        "an EC key must be on a curve of 256, 384 or 521 bits, but was on one of " + bits);
        };
    }

    /** Returns a copy for one algorithm, or nothing if the key has not this algorithm. */
    Optional<VerificationKey> only(String algorithm) {
        Algorithm known = algorithms.get(algorithm);
        return known == null ? Optional.empty() : Optional.of(new VerificationKey(keyId, Map.of(algorithm, known)));
    }

    /** Returns a text without the key. */
    @Override
    public String toString() {
        return "VerificationKey[" + algorithms.keySet() + "]";
    }
}
