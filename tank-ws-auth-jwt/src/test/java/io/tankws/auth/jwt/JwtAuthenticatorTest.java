package io.tankws.auth.jwt;

import static io.tankws.auth.jwt.Decisions.accepted;
import static io.tankws.auth.jwt.Decisions.assertExpired;
import static io.tankws.auth.jwt.Decisions.assertInvalid;
import static io.tankws.auth.jwt.TestTokens.SECRET;
import static io.tankws.auth.jwt.TestTokens.hs256;
import static io.tankws.auth.jwt.TestTokens.inSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.tankws.Identity;
import io.tankws.Payload;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The meaning of the claims of a token for a connection, and the rules of the builder. */
class JwtAuthenticatorTest {
    private final JwtAuthenticator authenticator =
            JwtAuthenticator.builder().secret(SECRET).build();

    private Identity identity(String claims) {
        return accepted(authenticator, hs256(claims)).identity();
    }

    @Test
    void theSubjectIsTheUserAndTheTokenNeedsNothingElse() {
        assertEquals(new Identity("42"), identity("{\"sub\":\"42\"}"));
    }

    @Test
    void aTokenOfTheLibraryIsAccepted() {
        String token = JWT.create()
                .withSubject("42")
                .withIssuedAt(Instant.now())
                .withExpiresAt(Instant.ofEpochSecond(inSeconds(100)))
                .withClaim("info", Map.of("name", "Ann"))
                .withClaim("channels", List.of("news"))
                .sign(Algorithm.HMAC512(SECRET));
        Identity identity = accepted(authenticator, token).identity();
        assertEquals(Optional.of(Payload.json("{\"name\":\"Ann\"}")), identity.info());
        assertEquals(Set.of("news"), accepted(authenticator, token).topics());
    }

    @Test
    void theConnectionExpiresWithTheTokenUnlessTheTokenSaysOtherwise() {
        long soon = inSeconds(100);
        long later = inSeconds(200);
        assertEquals(
                Optional.of(Instant.ofEpochSecond(soon)),
                identity("{\"sub\":\"a\",\"exp\":" + soon + "}").expiresAt());
        assertEquals(
                Optional.of(Instant.ofEpochSecond(later)),
                identity("{\"sub\":\"a\",\"exp\":" + soon + ",\"expire_at\":" + later + "}")
                        .expiresAt());
        assertEquals(
                Optional.empty(),
                identity("{\"sub\":\"a\",\"exp\":" + soon + ",\"expire_at\":0}").expiresAt());
    }

    @Test
    void anExpiredTokenIsReportedAsExpired() {
        assertExpired(authenticator, hs256("{\"sub\":\"a\",\"exp\":" + inSeconds(-10) + "}"));
        assertExpired(authenticator, hs256("{\"sub\":\"a\",\"expire_at\":" + inSeconds(-10) + "}"));
        assertInvalid(authenticator, hs256("{\"sub\":\"a\",\"nbf\":" + inSeconds(100) + "}"));
    }

    @Test
    void theLeewayExtendsTokenAndConnection() {
        JwtAuthenticator patient = JwtAuthenticator.builder()
                .secret(SECRET)
                .clockLeeway(Duration.ofMinutes(2))
                .build();
        long past = inSeconds(-60);
        Identity identity =
                accepted(patient, hs256("{\"sub\":\"a\",\"exp\":" + past + "}")).identity();
        assertEquals(Optional.of(Instant.ofEpochSecond(past + 120)), identity.expiresAt());
        accepted(patient, hs256("{\"sub\":\"a\",\"nbf\":" + inSeconds(60) + "}"));
        assertExpired(patient, hs256("{\"sub\":\"a\",\"exp\":" + inSeconds(-300) + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"big\":12345678901234567890.10,\"b\":1,\"a\":2}",
                "[1, 2 ,{\"x\":null}]",
                "\"a \\u00e9 text\"",
                "9007199254740993",
                "1.50",
                "-1e3",
                "true",
            })
    void informationKeepsItsBytes(String json) {
        Payload expected = Payload.json(json);
        assertEquals(
                Optional.of(expected),
                identity("{\"sub\":\"a\",\"info\":" + json + "}").info());
        assertEquals(
                Optional.of(expected),
                identity("{ \"info\" : " + json + " , \"sub\":\"a\"}").info());
        assertEquals(
                Map.of(JwtAuthenticator.META, expected),
                identity("{\"sub\":\"a\",\"meta\":" + json + "}").attributes());
    }

    @Test
    void informationMayBeBytes() {
        assertEquals(
                Optional.of(Payload.json("{}")),
                identity("{\"sub\":\"a\",\"b64info\":\"e30=\"}").info());
        assertEquals(
                Optional.of(Payload.binary(new byte[] {(byte) 0xff})),
                identity("{\"sub\":\"a\",\"b64info\":\"/w==\"}").info());
        assertEquals(Optional.empty(), identity("{\"sub\":\"a\",\"info\":null}").info());
    }

    @Test
    void channelsAndSubscriptionsAreTopicsOfTheServer() {
        String token =
                hs256("{\"sub\":\"a\",\"channels\":[\"one\",\"two\"],\"subs\":{\"three\":{\"data\":{}},\"one\":{}}}");
        assertEquals(
                Set.of("one", "two", "three"), accepted(authenticator, token).topics());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":42}",
                "{\"sub\":null}",
                "{\"sub\":[\"a\"]}",
                "{\"sub\":\"\"}",
                "{}",
                "[]",
                "1",
                "{\"sub\":\"a\",\"sub\":\"b\"}",
                "{\"sub\":\"a\"} {}",
                "{\"sub\":\"a\"",
                "{\"sub\":\"a\",\"exp\":\"4102444800\"}",
                "{\"sub\":\"a\",\"exp\":1e300}",
                "{\"sub\":\"a\",\"exp\":9223372036854775807}",
                "{\"sub\":\"a\",\"exp\":null}",
                "{\"sub\":\"a\",\"nbf\":9223372036854775807}",
                "{\"sub\":\"a\",\"expire_at\":\"0\"}",
                "{\"sub\":\"a\",\"expire_at\":-1}",
                "{\"sub\":\"a\",\"expire_at\":{}}",
                "{\"sub\":\"a\",\"channels\":\"news\"}",
                "{\"sub\":\"a\",\"channels\":[1]}",
                "{\"sub\":\"a\",\"channels\":[\"\"]}",
                "{\"sub\":\"a\",\"subs\":[\"news\"]}",
                "{\"sub\":\"a\",\"subs\":{\"news\":1}}",
                "{\"sub\":\"a\",\"b64info\":\"***\"}",
                "{\"sub\":\"a\",\"b64info\":1}",
                "{\"sub\":\"a\",\"client\":1}",
                "{\"sub\":\"a\",\"channel\":\"news\"}",
            })
    void claimsOfAWrongTypeOrValueMakeATokenInvalid(String claims) {
        assertInvalid(authenticator, hs256(claims));
    }

    @Test
    void informationIsBounded() {
        assertInvalid(authenticator, hs256("{\"sub\":\"a\",\"info\":\"" + "x".repeat(4096) + "\"}"));
        accepted(authenticator, hs256("{\"sub\":\"a\",\"info\":\"" + "x".repeat(4094) + "\"}"));
    }

    @Test
    void aTokenIsBoundedBeforeItIsParsed() {
        String token = hs256("{\"sub\":\"a\"}");
        JwtAuthenticator exact = JwtAuthenticator.builder()
                .secret(SECRET)
                .maxTokenLength(token.length())
                .build();
        accepted(exact, token);
        assertInvalid(exact, hs256("{\"sub\":\"ab\"}"));
        assertInvalid(authenticator, "x".repeat(10_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b", "a.b.c", "é.é.é", "e30.e30.", "e30.e30.e30", "W10.W10.W10"})
    void textsThatAreNoTokensAreInvalid(String token) {
        assertInvalid(authenticator, token);
    }

    @Test
    void tokensWithoutAUserAreAcceptedForTheAnonymousUserOnly() {
        JwtAuthenticator open =
                JwtAuthenticator.builder().secret(SECRET).anonymousUser("guest").build();
        assertEquals("guest", accepted(open, hs256("{\"sub\":\"\"}")).identity().userId());
        assertEquals("guest", accepted(open, hs256("{}")).identity().userId());
        assertEquals("a", accepted(open, hs256("{\"sub\":\"a\"}")).identity().userId());
        assertInvalid(open, "");
    }

    @Test
    void audienceAndIssuerAreRequiredIfConfigured() {
        JwtAuthenticator strict = JwtAuthenticator.builder()
                .secret(SECRET)
                .audience("chat")
                .issuer("example")
                .build();
        accepted(strict, hs256("{\"sub\":\"a\",\"aud\":\"chat\",\"iss\":\"example\"}"));
        accepted(strict, hs256("{\"sub\":\"a\",\"aud\":[\"shop\",\"chat\"],\"iss\":\"example\"}"));
        assertInvalid(strict, hs256("{\"sub\":\"a\",\"aud\":\"shop\",\"iss\":\"example\"}"));
        assertInvalid(strict, hs256("{\"sub\":\"a\",\"aud\":\"chat\",\"iss\":\"other\"}"));
        assertInvalid(strict, hs256("{\"sub\":\"a\",\"aud\":\"chat\"}"));
        assertInvalid(strict, hs256("{\"sub\":\"a\",\"iss\":\"example\"}"));
        // An expired token of another audience is not worth another one.
        assertInvalid(strict, hs256("{\"sub\":\"a\",\"aud\":\"shop\",\"exp\":" + inSeconds(-10) + "}"));
        accepted(authenticator, hs256("{\"sub\":\"a\",\"aud\":\"shop\",\"iat\":" + inSeconds(1000) + "}"));
    }

    @Test
    void theBuilderRefusesWhatIsOutOfRange() {
        JwtAuthenticator.Builder builder = JwtAuthenticator.builder();
        assertThrows(IllegalStateException.class, builder::build);
        assertThrows(IllegalArgumentException.class, () -> builder.secret(new byte[31]));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.publicKey(TestTokens.rsa(1024).getPublic()));
        assertThrows(IllegalArgumentException.class, () -> builder.clockLeeway(Duration.ofMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> builder.clockLeeway(Duration.ofHours(1)));
        assertThrows(IllegalArgumentException.class, () -> builder.maxTokenLength(0));
        assertThrows(IllegalArgumentException.class, () -> builder.anonymousUser(""));
        assertThrows(IllegalArgumentException.class, () -> builder.keySetLifetime(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.keySetRefreshInterval(Duration.ofDays(2)));
        assertThrows(IllegalArgumentException.class, () -> builder.keySetTimeout(Duration.ofMinutes(2)));
        for (int i = 0; i < VerificationKeys.MAX_KEYS; i++) {
            builder.secret("k" + i, SECRET);
        }
        assertThrows(IllegalArgumentException.class, () -> builder.secret(SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/keys",
                "ftp://localhost/keys",
                "file:///keys",
                "/keys",
                "https://user:secret@example.org/keys",
                "http://localhost.example.org/keys",
            })
    void aKeySetNeedsASecureUri(String uri) {
        JwtAuthenticator.Builder builder = JwtAuthenticator.builder();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> builder.keySet(URI.create(uri)));
        assertEquals(-1, String.valueOf(e.getMessage()).indexOf("secret"));
    }
}
