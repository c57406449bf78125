package io.tankws.auth.jwt;

import static io.tankws.auth.jwt.Decisions.accepted;
import static io.tankws.auth.jwt.Decisions.assertExpired;
import static io.tankws.auth.jwt.Decisions.assertInvalid;
import static io.tankws.auth.jwt.TestTokens.P256;
import static io.tankws.auth.jwt.TestTokens.RSA;
import static io.tankws.auth.jwt.TestTokens.SECRET;
import static io.tankws.auth.jwt.TestTokens.base64;
import static io.tankws.auth.jwt.TestTokens.hmac;
import static io.tankws.auth.jwt.TestTokens.hs256;
import static io.tankws.auth.jwt.TestTokens.rs256;
import static io.tankws.auth.jwt.TestTokens.signed;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys decide on the algorithms, never a token. */
class TokenAlgorithmTest {
    private static final String CLAIMS = "{\"sub\":\"ann\"}";
    private static final JwtAuthenticator SECRET_ONLY =
            JwtAuthenticator.builder().secret(SECRET).build();
    private static final JwtAuthenticator RSA_ONLY =
            JwtAuthenticator.builder().publicKey(RSA.getPublic()).build();

    private static String header(String algorithm) {
        return "{\"alg\":\"" + algorithm + "\"}";
    }

    /** The example of RFC 7515 appendix A.1, which expired in 2011. A wrong signature would make it invalid. */
    @Test
    void theExampleOfTheStandardIsVerified() {
        byte[] key = Base64.getUrlDecoder()
                .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        String signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0"
                + "dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
        JwtAuthenticator authenticator = JwtAuthenticator.builder().secret(key).build();
        assertExpired(authenticator, signed + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assertInvalid(authenticator, signed + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXg");
    }

    @ParameterizedTest
    @CsvSource({"HS256,HmacSHA256", "HS384,HmacSHA384", "HS512,HmacSHA512"})
    void aSecretVerifiesEachHmac(String algorithm, String name) {
        accepted(SECRET_ONLY, hmac(header(algorithm), CLAIMS, name, SECRET));
        assertInvalid(RSA_ONLY, hmac(header(algorithm), CLAIMS, name, SECRET));
    }

    @ParameterizedTest
    @CsvSource({"RS256,SHA256withRSA", "RS384,SHA384withRSA", "RS512,SHA512withRSA"})
    void anRsaKeyVerifiesEachRsaSignature(String algorithm, String name) {
        String token = signed(header(algorithm), CLAIMS, name, RSA.getPrivate());
        accepted(RSA_ONLY, token);
        assertInvalid(SECRET_ONLY, token);
        assertInvalid(RSA_ONLY, signed(header(algorithm), CLAIMS, name, OTHER_RSA.getPrivate()));
    }

    private static final KeyPair OTHER_RSA = TestTokens.rsa(2048);

    @ParameterizedTest
    @CsvSource({
        "ES256,SHA256withECDSAinP1363Format,secp256r1",
        "ES384,SHA384withECDSAinP1363Format,secp384r1",
        "ES512,SHA512withECDSAinP1363Format,secp521r1"
    })
    void anEcKeyVerifiesTheSignatureOfItsCurve(String algorithm, String name, String curve) {
        KeyPair key = TestTokens.ec(curve);
        JwtAuthenticator authenticator =
                JwtAuthenticator.builder().publicKey(key.getPublic()).build();
        accepted(authenticator, signed(header(algorithm), CLAIMS, name, key.getPrivate()));
        assertInvalid(authenticator, signed(header("ES999"), CLAIMS, name, key.getPrivate()));
        assertInvalid(authenticator, signed(header("RS256"), CLAIMS, name, key.getPrivate()));
        assertInvalid(
                authenticator,
                signed(header(algorithm), CLAIMS, name, TestTokens.ec(curve).getPrivate()));
        // A signature of zeros was accepted by a JDK once (CVE-2022-21449).
        assertInvalid(authenticator, base64(header(algorithm)) + "." + base64(CLAIMS) + "." + base64(new byte[64]));
        assertInvalid(authenticator, base64(header(algorithm)) + "." + base64(CLAIMS) + "." + base64(new byte[132]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "", "HS1", "PS256", "EdDSA"})
    void aTokenCannotChooseAnAlgorithmWithoutAKey(String algorithm) {
        for (JwtAuthenticator authenticator : List.of(SECRET_ONLY, RSA_ONLY)) {
            assertInvalid(authenticator, base64(header(algorithm)) + "." + base64(CLAIMS) + ".");
            assertInvalid(authenticator, base64(header(algorithm)) + "." + base64(CLAIMS) + ".AAAA");
            assertInvalid(authenticator, hmac(header(algorithm), CLAIMS, "HmacSHA256", SECRET));
        }
    }

    static List<byte[]> formsOfThePublicKey() {
        byte[] der = RSA.getPublic().getEncoded();
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String pem = "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----";
        return List.of(
                der,
                pem.getBytes(StandardCharsets.US_ASCII),
                (pem + "\n").getBytes(StandardCharsets.US_ASCII),
                ((RSAPublicKey) RSA.getPublic()).getModulus().toByteArray());
    }

    @ParameterizedTest
    @MethodSource("formsOfThePublicKey")
    void aPublicKeyIsNoSecretOfAnHmac(byte[] form) {
        String plain = hmac(header("HS256"), CLAIMS, "HmacSHA256", form);
        String named = hmac("{\"alg\":\"HS256\",\"kid\":\"r\"}", CLAIMS, "HmacSHA256", form);
        JwtAuthenticator both = JwtAuthenticator.builder()
                .publicKey("r", RSA.getPublic())
                .publicKey(P256.getPublic())
                .secret("s", SECRET)
                .build();
        for (JwtAuthenticator authenticator : List.of(RSA_ONLY, both)) {
            assertInvalid(authenticator, plain);
            assertInvalid(authenticator, named);
        }
    }

    @Test
    void aChangedOrMissingSignatureIsInvalid() {
        String token = hs256(CLAIMS);
        String[] parts = token.split("\\.");
        assertInvalid(SECRET_ONLY, parts[0] + "." + base64("{\"sub\":\"eve\"}") + "." + parts[2]);
        assertInvalid(SECRET_ONLY, parts[0] + "." + parts[1] + ".");
        assertInvalid(SECRET_ONLY, parts[0] + "." + parts[1]);
        assertInvalid(SECRET_ONLY, token + "A");
        assertInvalid(SECRET_ONLY, token + ".x");
    }

    @Test
    void anUnknownCriticalExtensionIsRefused() {
        assertInvalid(SECRET_ONLY, hmac("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", CLAIMS, "HmacSHA256", SECRET));
    }

    @Test
    void keysInATokenAreIgnored() {
        String jwk = TestTokens.jwk("e", (RSAPublicKey) OTHER_RSA.getPublic());
        String header = "{\"alg\":\"RS256\",\"jwk\":" + jwk + ",\"jku\":\"http://127.0.0.1:1/\"}";
        assertInvalid(RSA_ONLY, signed(header, CLAIMS, "SHA256withRSA", OTHER_RSA.getPrivate()));
    }

    @Test
    void theKeyIdSelectsTheKey() {
        JwtAuthenticator authenticator = JwtAuthenticator.builder()
                .publicKey("a", RSA.getPublic())
                .publicKey("b", OTHER_RSA.getPublic())
                .secret(SECRET)
                .build();
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        accepted(authenticator, rs256("b", CLAIMS, OTHER_RSA));
        assertInvalid(authenticator, rs256("b", CLAIMS, RSA));
        assertInvalid(authenticator, rs256("c", CLAIMS, RSA));
        // A key without an id is for tokens whose id belongs to no key.
        accepted(authenticator, hmac("{\"alg\":\"HS256\",\"kid\":\"c\"}", CLAIMS, "HmacSHA256", SECRET));
        assertInvalid(authenticator, hmac("{\"alg\":\"HS256\",\"kid\":\"a\"}", CLAIMS, "HmacSHA256", SECRET));
    }

    @Test
    void severalKeysWithoutAnIdAreTriedInTurn() {
        JwtAuthenticator authenticator = JwtAuthenticator.builder()
                .publicKey(OTHER_RSA.getPublic())
                .publicKey(RSA.getPublic())
                .build();
        accepted(authenticator, signed(header("RS256"), CLAIMS, "SHA256withRSA", RSA.getPrivate()));
        accepted(authenticator, signed(header("RS256"), CLAIMS, "SHA256withRSA", OTHER_RSA.getPrivate()));
    }
}
