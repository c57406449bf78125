package io.tankws.auth.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens and keys as another issuer makes them, without the JWT library. */
final class TestTokens {
    static final byte[] SECRET = "a secret of the tests with more than 32 bytes".getBytes(StandardCharsets.UTF_8);
    static final KeyPair RSA = rsa(2048);
    static final KeyPair P256 = ec("secp256r1");

    private TestTokens() {}

    static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a token with HS256, the usual secret and these claims. */
    static String hs256(String claims) {
        return hmac("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims, "HmacSHA256", SECRET);
    }

    static String hmac(String header, String claims, String algorithm, byte[] secret) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            String signed = base64(header) + "." + base64(claims);
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String rs256(String keyId, String claims, KeyPair key) {
        return signed("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}", claims, "SHA256withRSA", key.getPrivate());
    }

    static String signed(String header, String claims, String algorithm, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            String signed = base64(header) + "." + base64(claims);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static long inSeconds(long seconds) {
        return Instant.now().getEpochSecond() + seconds;
    }

    /** Returns a key set of one RSA key. */
    static String keySet(String keyId, KeyPair key) {
        return "{\"keys\":[" + jwk(keyId, (RSAPublicKey) key.getPublic()) + "]}";
    }

    static String jwk(String keyId, RSAPublicKey key) {
        return "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"" + keyId + "\",\"n\":\""
                + base64(key.getModulus().toByteArray()) + "\",\"e\":\""
                + base64(key.getPublicExponent().toByteArray()) + "\"}";
    }

    static String jwk(String keyId, String curve, int bytes, ECPublicKey key) {
        return "{\"kty\":\"EC\",\"crv\":\"" + curve + "\",\"kid\":\"" + keyId + "\",\"x\":\""
                + base64(padded(key.getW().getAffineX().toByteArray(), bytes)) + "\",\"y\":\""
                + base64(padded(key.getW().getAffineY().toByteArray(), bytes)) + "\"}";
    }

    private static byte[] padded(byte[] number, int size) {
        byte[] padded = new byte[size];
        byte[] digits = number.length > size ? Arrays.copyOfRange(number, number.length - size, number.length) : number;
        System.arraycopy(digits, 0, padded, size - digits.length, digits.length);
        return padded;
    }
}
