package io.tankws.auth.jwt;

import static io.tankws.auth.jwt.TestTokens.SECRET;
import static io.tankws.auth.jwt.TestTokens.hs256;
import static io.tankws.auth.jwt.TestTokens.inSeconds;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** No text of the module contains a token, a part of one, a secret, or the path of a key set. */
class TokenSecretTest {
    private static void assertClean(List<String> secrets, Object output) {
        StringWriter text = new StringWriter();
        if (output instanceof Throwable thrown) {
            thrown.printStackTrace(new PrintWriter(text, true));
        } else {
            text.write(String.valueOf(output));
        }
        String lower = text.toString().toLowerCase(Locale.ROOT);
        for (String secret : secrets) {
            assertFalse(lower.contains(secret.toLowerCase(Locale.ROOT)), () -> secret + " is in " + text);
        }
    }

    @Test
    void noExceptionQuotesAToken() {
        JwtAuthenticator.Builder builder = JwtAuthenticator.builder().secret(SECRET);
        TokenVerifier verifier = new TokenVerifier(builder, null);
        String valid = hs256("{\"sub\":\"pa55word\"}");
        for (String token : List.of(
                "pa55word",
                "pa55word.pa55word.pa55word",
                valid.substring(0, valid.length() - 4) + "AAAA",
                hs256("{\"sub\":\"pa55word\",\"exp\":" + inSeconds(-10) + "}"),
                hs256("{\"sub\":\"pa55word\",\"exp\":\"pa55word\"}"),
                hs256("{\"pa55word\":1,\"pa55word\":1}"),
                hs256("pa55word"))) {
            TokenException e = assertThrows(TokenException.class, () -> verifier.verify(token));
            assertClean(List.of("pa55", token, TestTokens.base64("pa55word")), e);
            assertTrue(e.getCause() == null && e.getSuppressed().length == 0);
        }
    }

    @Test
    void noTextShowsASecret() {
        String text = new String(SECRET, StandardCharsets.UTF_8);
        List<String> secrets = List.of(
                text, HexFormat.of().formatHex(SECRET), Base64.getEncoder().encodeToString(SECRET), "hidden");
        JwtAuthenticator.Builder builder = JwtAuthenticator.builder()
                .secret("id", SECRET)
                .keySet(URI.create("https://keys.example.org/hidden?key=hidden"));
        assertClean(secrets, builder);
        assertClean(secrets, builder.build());
        assertClean(secrets, builder.keys());
        assertClean(
                secrets,
                new RemoteKeys(
                        URI.create("https://keys.example.org/hidden"),
                        new RemoteKeysTimes(Duration.ofDays(1), Duration.ofDays(1), Duration.ofSeconds(1)),
                        System::nanoTime));
        assertClean(
                secrets,
                assertThrows(
                        IllegalArgumentException.class,
                        () -> builder.secret("hidden".getBytes(StandardCharsets.UTF_8))));
    }
}
