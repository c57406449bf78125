package io.tankws.auth.jwt;

import static io.tankws.auth.jwt.Decisions.accepted;
import static io.tankws.auth.jwt.Decisions.assertInvalid;
import static io.tankws.auth.jwt.Decisions.assertUnavailable;
import static io.tankws.auth.jwt.TestTokens.P256;
import static io.tankws.auth.jwt.TestTokens.RSA;
import static io.tankws.auth.jwt.TestTokens.SECRET;
import static io.tankws.auth.jwt.TestTokens.base64;
import static io.tankws.auth.jwt.TestTokens.hmac;
import static io.tankws.auth.jwt.TestTokens.hs256;
import static io.tankws.auth.jwt.TestTokens.jwk;
import static io.tankws.auth.jwt.TestTokens.keySet;
import static io.tankws.auth.jwt.TestTokens.rs256;
import static io.tankws.auth.jwt.TestTokens.signed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that a server publishes: their rotation, their outages and their bounds. */
class RemoteKeysTest {
    private static final String CLAIMS = "{\"sub\":\"ann\"}";
    private static final KeyPair NEXT = TestTokens.rsa(2048);

    private final KeyServer server = new KeyServer();
    private final AtomicLong clock = new AtomicLong();
    private final JwtAuthenticator authenticator = authenticator(builder -> builder);

    private JwtAuthenticator authenticator(UnaryOperator<JwtAuthenticator.Builder> settings) {
        return settings.apply(JwtAuthenticator.builder()
                        .keySet(server.uri())
                        .keySetLifetime(Duration.ofMinutes(10))
                        .keySetRefreshInterval(Duration.ofSeconds(30))
                        .nanoClock(clock::get))
                .build();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private void awaitRequests(int number) throws InterruptedException {
        assertEquals(number, server.awaitRequests(number));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void keysOfBothKindsAreFetchedOnce() {
        server.serve("{\"x\":[{}],\"keys\":[" + jwk("r", (RSAPublicKey) RSA.getPublic()) + ","
                + jwk("e", "P-256", 32, (ECPublicKey) P256.getPublic()) + "],\"y\":1}");
        accepted(authenticator, rs256("r", CLAIMS, RSA));
        accepted(
                authenticator,
                signed("{\"alg\":\"ES256\",\"kid\":\"e\"}", CLAIMS, "SHA256withECDSAinP1363Format", P256.getPrivate()));
        assertInvalid(authenticator, rs256("r", CLAIMS, NEXT));
        assertInvalid(authenticator, rs256("e", CLAIMS, RSA));
        assertEquals(1, server.requests());
    }

    @Test
    void aNewKeyIsFoundWhenATokenNeedsIt() {
        server.serve(keySet("old", RSA));
        accepted(authenticator, rs256("old", CLAIMS, RSA));
        server.serve(keySet("new", NEXT));
        pass(Duration.ofSeconds(31));
        accepted(authenticator, rs256("new", CLAIMS, NEXT));
        assertEquals(2, server.requests());
        // The old key is no longer published, and a request has just confirmed it.
        assertUnavailable(authenticator, rs256("old", CLAIMS, RSA));
        pass(Duration.ofSeconds(31));
        assertInvalid(authenticator, rs256("old", CLAIMS, RSA));
    }

    @Test
    void unknownKeyIdsCauseOneRequestPerInterval() {
        server.serve(keySet("a", RSA));
        assertInvalid(authenticator, rs256("b", CLAIMS, NEXT));
        for (int i = 0; i < 100; i++) {
            assertUnavailable(authenticator, rs256("c" + i, CLAIMS, NEXT));
        }
        assertEquals(1, server.requests());
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        pass(Duration.ofSeconds(30));
        assertInvalid(authenticator, rs256("b", CLAIMS, NEXT));
        assertEquals(2, server.requests());
    }

    @Test
    void tokensThatNoPublishedKeyCanHaveSignedCauseNoRequest() {
        JwtAuthenticator both = authenticator(builder -> builder.secret("s", SECRET));
        assertInvalid(both, hs256(CLAIMS));
        assertInvalid(both, hmac("{\"alg\":\"HS256\",\"kid\":\"x\"}", CLAIMS, "HmacSHA256", SECRET));
        assertInvalid(both, base64("{\"alg\":\"none\",\"kid\":\"x\"}") + "." + base64(CLAIMS) + ".");
        assertInvalid(both, signed("{\"alg\":\"RS256\"}", CLAIMS, "SHA256withRSA", RSA.getPrivate()));
        assertInvalid(both, rs256("s", CLAIMS, RSA));
        accepted(both, hmac("{\"alg\":\"HS256\",\"kid\":\"s\"}", CLAIMS, "HmacSHA256", SECRET));
        assertEquals(0, server.requests());
    }

    @Test
    void oldKeysAreUsedWhileNewOnesAreFetched() throws InterruptedException {
        server.serve(keySet("a", RSA));
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        pass(Duration.ofMinutes(10));
        CountDownLatch gate = server.hold();
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        awaitRequests(2);
        gate.countDown();
    }

    @Test
    void theLastKeysStayDuringAnOutage() throws InterruptedException {
        server.serve(keySet("a", RSA));
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        server.serveRaw("HTTP/1.1 503 Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        pass(Duration.ofHours(5));
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        awaitRequests(2);
        pass(Duration.ofHours(5));
        // This key waits for the request, so the failure is known afterwards.
        assertUnavailable(authenticator, rs256("b", CLAIMS, NEXT));
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        server.serve(keySet("b", NEXT));
        pass(Duration.ofSeconds(30));
        accepted(authenticator, rs256("b", CLAIMS, NEXT));
    }

    @Test
    void callersWithAnUnknownKeyShareOneRequest() throws InterruptedException {
        server.serve(keySet("a", RSA));
        CountDownLatch gate = server.hold();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CompletableFuture<Void> caller = new CompletableFuture<>();
            callers.add(caller);
            Thread thread = new Thread(
                    () -> {
                        try {
                            accepted(authenticator, rs256("a", CLAIMS, RSA));
                            caller.complete(null);
                        } catch (Throwable e) {
                            caller.completeExceptionally(e);
                        }
                    },
                    "caller");
            thread.setDaemon(true);
            thread.start();
        }
        awaitRequests(1);
        gate.countDown();
        callers.forEach(CompletableFuture::join);
        assertEquals(1, server.requests());
    }

    static List<String> unusableResponses() {
        String tooMany =
                ("," + jwk("a", (RSAPublicKey) RSA.getPublic())).repeat(65).substring(1);
        String large = " ".repeat(RemoteKeys.MAX_BYTES + 1);
        return List.of(
                "",
                "no HTTP\r\n\r\n",
                response(""),
                response("[]"),
                response("{}"),
                response("{\"keys\":{}}"),
                response("{\"keys\":[1]}"),
                response("{\"keys\":[]}"),
                response("{\"keys\":[],\"keys\":[]}"),
                response(keySet("a", RSA) + "x"),
                response(keySet("a", RSA).substring(1)),
                response("{\"keys\":[" + tooMany + "]}"),
                response(keySet("a", RSA) + large),
                // The length is not stated, so only the bytes show that there are too many.
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + large,
                "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private static String response(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
    }

    @ParameterizedTest
    @MethodSource("unusableResponses")
    void anUnusableResponseIsAnOutage(String response) {
        server.serveRaw(response);
        assertUnavailable(authenticator, rs256("a", CLAIMS, RSA));
        server.serve(keySet("a", RSA));
        pass(Duration.ofSeconds(30));
        accepted(authenticator, rs256("a", CLAIMS, RSA));
    }

    @Test
    void keysThatCannotVerifyATokenAreSkipped() {
        String good = jwk("a", (RSAPublicKey) RSA.getPublic());
        server.serve("{\"keys\":["
                + "{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"" + base64(SECRET) + "\"},"
                + "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"o\",\"x\":\"AAAA\"},"
                + "{\"kty\":\"RSA\",\"kid\":\"m\"},"
                + "{\"kty\":\"RSA\",\"kid\":\"m2\",\"n\":\"***\",\"e\":\"AQAB\"},"
                + "{\"kty\":\"RSA\",\"kid\":\"m3\",\"n\":5,\"e\":\"AQAB\"},"
                + "{\"kty\":\"EC\",\"kid\":\"m4\",\"crv\":\"P-1\",\"x\":\"AAAA\",\"y\":\"AAAA\"},"
                + "{}," + good.replace("\"sig\"", "\"enc\"").replace("\"a\"", "\"enc\"") + ","
                + good.replace("{", "{\"alg\":\"RS512\",").replace("\"a\"", "\"only512\"") + ","
                + good.replace("\"kid\":\"a\",", "") + "," + good + "]}");
        accepted(authenticator, rs256("a", CLAIMS, RSA));
        accepted(
                authenticator,
                signed("{\"alg\":\"RS512\",\"kid\":\"only512\"}", CLAIMS, "SHA512withRSA", RSA.getPrivate()));
        assertInvalid(authenticator, rs256("only512", CLAIMS, RSA));
        pass(Duration.ofSeconds(30));
        assertInvalid(authenticator, rs256("enc", CLAIMS, RSA));
        pass(Duration.ofSeconds(30));
        assertInvalid(authenticator, hmac("{\"alg\":\"HS256\",\"kid\":\"s\"}", CLAIMS, "HmacSHA256", SECRET));
    }

    @Test
    void aServerThatDoesNotAnswerIsAnOutageAfterTheTimeout() {
        server.hold();
        JwtAuthenticator impatient = authenticator(builder -> builder.keySetTimeout(Duration.ofMillis(50)));
        assertUnavailable(impatient, rs256("a", CLAIMS, RSA));
    }

    @Test
    void aBodyThatDoesNotEndIsAnOutageAfterTheTimeout() {
        server.serveRaw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        JwtAuthenticator impatient = authenticator(builder -> builder.keySetTimeout(Duration.ofMillis(50)));
        assertUnavailable(impatient, rs256("a", CLAIMS, RSA));
    }
}
