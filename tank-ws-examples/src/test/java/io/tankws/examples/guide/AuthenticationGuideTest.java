package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.CloseStatus;
import io.tankws.Credentials;
import io.tankws.HostRule;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.Refusal;
import io.tankws.Tls;
import io.tankws.Tls.ClientCertificates;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.auth.jwt.JwtAuthenticator;
import io.tankws.core.TankWs;
import io.tankws.examples.SharedToken;
import io.tankws.protocol.centrifuge.CentrifugeProtocol;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.TestKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/authentication.md. */
class AuthenticationGuideTest extends GuideTest {
    private final Manager tank = closing(TankWs.newInstance());
    private final WebSocketServer server =
            closing(TankWs.serve("in-memory").handle("/ws", tank).start());

    private record User(String id, String role) {}

    private record Token(User user, Instant expiry) {}

    private record Users(String name, String password) {
        boolean check(Credentials given) {
            return given.username().equals(name) && MessageDigest.isEqual(bytes(given.password()), bytes(password));
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final class Directory {
        CompletionStage<User> lookup(Optional<String> session) {
            return session.map(name -> CompletableFuture.completedFuture(new User(name, "admin")))
                    .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no session")));
        }
    }

    private static Optional<Token> verify(String bearer) {
        return Optional.of(bearer)
                .filter(token -> token.equals("Bearer 1"))
                .map(token -> new Token(new User("ann", "guest"), Instant.now().plus(Duration.ofMillis(300))));
    }

    private int status(String target, String header, String value) {
        return TestClient.to(server, target)
                .without(header)
                .header(header, value)
                .awaitReply()
                .status();
    }

    private TestClient connect(String target, String header, String value) {
        return closing(TestClient.to(server, target).header(header, value).connect());
    }

    @Test
    void aSharedTokenAdmits() {
        SharedToken.require(tank, "secret");
        assertEquals(401, status("/ws?token=other", "X", "x"));
        connect("/ws?token=secret", "X", "x");
    }

    @Test
    void basicCredentialsAdmit() {
        Users users = new Users("ann", "pass");
        // region Basic
        tank.enableAuth(
                request -> request.basicCredentials().filter(users::check).isPresent());
        // endregion
        assertEquals(
                401,
                TestClient.to(server, "/ws").basic("ann", "other").awaitReply().status());
        closing(TestClient.to(server, "/ws").basic("ann", "pass").connect());
    }

    @Test
    void aDirectoryNamesTheUser() {
        Directory directory = new Directory();
        // region Directory
        tank.setAuthenticator(request -> directory
                .lookup(request.cookie("session")) // may block, or answer later
                .thenApply(user -> Authentication.accepted(new Identity(user.id(), Map.of("role", user.role())))));
        // endregion
        assertEquals(500, status("/ws", "Cookie", "other=1"));
        assertEquals(403, status("/ws?user_id=bob", "Cookie", "session=ann"));
        connect("/ws", "Cookie", "session=ann").awaitText("Hello, ann! Welcome to WebSocket server.");
        assertEquals("admin", tank.clients().get(0).attributes().get("role"));
    }

    @Test
    void aTokenExpires() {
        // region Expiry
        tank.setAuthenticator(Authenticator.of(request -> request.header("Authorization")
                .flatMap(bearer -> verify(bearer))
                .map(token -> Authentication.accepted(new Identity(token.user().id()).withExpiry(token.expiry())))
                .orElse(Authentication.refused(
                        new Refusal(401, "a token is required", Map.of("WWW-Authenticate", "Bearer"))))));
        // endregion
        assertEquals(401, status("/ws", "Authorization", "Bearer 2"));
        TestClient ann = connect("/ws", "Authorization", "Bearer 1");
        assertEquals(CloseStatus.IDENTITY_EXPIRED, ann.awaitClose());
    }

    @Test
    void aJsonWebTokenNamesTheUser() {
        byte[] secret = new byte[32];
        // region Tokens
        JwtAuthenticator tokens = JwtAuthenticator.builder()
                .secret(secret) // or publicKey(…), or keySet(URI.create("https://…"))
                .audience("chat")
                .build();
        Manager chat = TankWs.builder()
                .authenticator(tokens.handshakeAuthenticator("token")) // a header, or ?token=
                .topicAuthorizer(tokens.topicAuthorizer())
                .build()
                .start();
        CentrifugeProtocol centrifuge =
                CentrifugeProtocol.builder().connectAuthenticator(tokens).build();
        // endregion
        WebSocketServer both = closing(TankWs.serve("in-memory")
                .port(0)
                .handle("/ws", closing(chat))
                .handle("/connection/websocket", chat.endpoint(centrifuge))
                .start());
        // {"alg":"HS256"} and {"sub":"ann","aud":"chat"}
        String token =
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4iLCJhdWQiOiJjaGF0In0.ZH_rQKa_dMGzAzI-0tfJo9UDI57M_P9deaVPHOdxjdw";
        assertEquals(401, TestClient.to(both, "/ws?token=x").awaitReply().status());
        closing(TestClient.to(both, "/ws?token=" + token).connect());
        TestClient ann = closing(TestClient.connect(both, "/connection/websocket"));
        ann.sendText("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
        ann.awaitText();
        assertEquals(2, chat.clients().size());
    }

    @Test
    void aCertificateNamesTheUser(@TempDir Path directory) throws Exception {
        Path serverKey = TestKeys.create(directory, "server");
        Path clientKey = TestKeys.create(directory, "ann");
        SSLContext context = TestKeys.presenting(serverKey, clientKey);
        int port = 0;
        // region Certificates
        tank.setAuthenticator(Authenticator.of(request -> {
            String name =
                    request.peerCertificates().get(0).getSubjectX500Principal().getName();
            return Authentication.accepted(new Identity(name));
        }));
        WebSocketServer secure = TankWs.serve("jetty")
                .port(port)
                .tls(Tls.of(context).withClientCertificates(ClientCertificates.REQUIRED))
                .handle("/ws", tank)
                .start();
        // endregion
        closing(secure);
        TestClient ann = closing(TestClient.to(secure, "/ws")
                .trusting(TestKeys.presenting(clientKey, serverKey))
                .connect());
        ann.awaitText("Hello, CN=ann! Welcome to WebSocket server.");
    }

    @Test
    void listsOriginsAndNames() {
        // region Origins
        tank.setCustomUpgrader(Upgrader.defaults()
                .withOriginRule(OriginRule.of(List.of("https://chat.example.org", "http://localhost:3000")))
                .withHostRule(HostRule.of("chat.example.org")));
        // endregion
        assertEquals(101, status("/ws", "Origin", "http://localhost:3000"));
        assertEquals(403, status("/ws", "Origin", "http://127.0.0.1:3000"));
        assertEquals(101, status("/ws", "Host", "chat.example.org"));
        assertEquals(421, status("/ws", "Host", "evil.example"));
    }
}
