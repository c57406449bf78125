package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.CloseStatus;
import io.tankws.Credentials;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.Refusal;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Authentication of clients and the identity that follows from it. */
abstract class AuthenticationContract extends ContractTestBase {
    AuthenticationContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void aPredicateOnTheTokenLetsInOrAnswers401() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        manager.enableAuth(request ->
                request.queryParameter("token").filter("right"::equals).isPresent());
        WebSocketServer server = serve(manager);
        closing(TestClient.connect(server, "/ws?user_id=ann&token=right"));
        find(manager, "ann");
        HttpReply reply = TestClient.to(server, "/ws?user_id=eve&token=wrong").awaitReply();
        assertEquals(401, reply.status());
        assertTrue(reply.header("WWW-Authenticate").orElse("").startsWith("Basic"));
        ErrorEvent error = errors.await("the error", event -> true);
        assertEquals(ErrorCode.AUTHENTICATION_FAILED, error.code());
        assertTrue(!error.message().contains("wrong"), error.message());
        assertEquals(1, manager.getClientCount());
    }

    @Test
    void basicCredentialsAreRead() {
        Manager manager = start();
        manager.enableAuth(request -> request.basicCredentials()
                .filter(new Credentials("admin", "secret")::equals)
                .isPresent());
        WebSocketServer server = serve(manager);
        closing(TestClient.to(server, "/ws").basic("admin", "secret").connect());
        assertEquals(
                401,
                TestClient.to(server, "/ws")
                        .basic("admin", "Secret")
                        .awaitReply()
                        .status());
        assertEquals(401, TestClient.to(server, "/ws").awaitReply().status());
    }

    @Test
    void withoutAuthenticationEverybodyComesIn() {
        Manager manager = start();
        manager.enableAuth(request -> false);
        WebSocketServer server = serve(manager);
        assertEquals(401, TestClient.to(server, "/ws").awaitReply().status());
        manager.disableAuth();
        connect(manager, server, "ann");
    }

    @Test
    void anIdentityIsTheUser() {
        Manager manager = start(settings -> settings.authenticator(
                Authenticator.of(request -> Authentication.accepted(new Identity("ann", Map.of("role", "admin"))))));
        WebSocketServer server = serve(manager);
        closing(TestClient.connect(server, "/ws"));
        assertEquals(Map.of("role", "admin"), find(manager, "ann").attributes());
        closing(TestClient.connect(server, "/ws?user_id=ann"));
        assertEquals(403, TestClient.to(server, "/ws?user_id=bob").awaitReply().status());
    }

    @Test
    void anAuthenticatorSaysHowItRefuses() {
        Manager manager = start();
        manager.setAuthenticator(Authenticator.of(
                request -> Authentication.refused(new Refusal(451, "not in your country", Map.of("X-Law", "42")))));
        HttpReply reply = TestClient.to(serve(manager), "/ws").awaitReply();
        assertEquals(451, reply.status());
        assertEquals(Optional.of("42"), reply.header("X-Law"));
        assertEquals("not in your country", reply.body().strip());
    }

    @Test
    void theLargestHeadersOfARefusalArrive() {
        Manager manager = start();
        // The transport's Content-Type, too, is replaced.
        String value = "x".repeat(Refusal.MAX_HEADER_BYTES - 100);
        Map<String, String> headers = Map.of("X-Law", value, "Content-Type", "text/html;charset=utf-8");
        manager.setAuthenticator(request -> CompletableFuture.completedFuture(
                Authentication.refused(new Refusal(451, "r".repeat(20_000), headers))));
        HttpReply reply = TestClient.to(serve(manager), "/ws").awaitReply();
        assertEquals(451, reply.status());
        assertEquals(value, reply.header("X-Law").orElseThrow());
        assertEquals(20_000, reply.body().length());
    }

    @Test
    void anAuthenticatorMayAnswerLater() throws Exception {
        Manager manager = start();
        CompletableFuture<Authentication> later = new CompletableFuture<>();
        manager.setAuthenticator(request -> later);
        WebSocketServer server = serve(manager);
        CompletableFuture<TestClient> connecting = CompletableFuture.supplyAsync(
                () -> TestClient.connect(server, "/ws"), task -> new Thread(task).start());
        later.complete(Authentication.accepted(new Identity("late")));
        closing(connecting.get());
        find(manager, "late");
    }

    @Test
    void anAuthenticatorThatThrowsRefusesWith500() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        manager.setAuthenticator(request -> {
            throw new AssertionError("on purpose");
        });
        WebSocketServer server = serve(manager);
        assertEquals(500, TestClient.to(server, "/ws").awaitReply().status());
        ErrorEvent error = errors.await("the error", event -> true);
        assertEquals(ErrorCode.AUTHENTICATION_FAILED, error.code());
        assertTrue(error.cause().orElseThrow() instanceof AssertionError);
        manager.setAuthenticator(request -> CompletableFuture.failedFuture(new IllegalStateException("on purpose")));
        assertEquals(500, TestClient.to(server, "/ws").awaitReply().status());
    }

    @Test
    void anAuthenticatorThatHangsIsCutOffAndDelaysNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Manager manager = start(settings ->
                settings.limits(managerLimits(limits -> limits.authenticationTimeout(Duration.ofMillis(300)))));
        manager.setAuthenticator(Authenticator.of(request -> {
            if (request.queryParameter("hang").isPresent()) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Authentication.accepted();
        }));
        WebSocketServer server = serve(manager);
        CompletableFuture<HttpReply> hanging = CompletableFuture.supplyAsync(
                () -> TestClient.to(server, "/ws?hang").awaitReply(), task -> new Thread(task).start());
        connect(manager, server, "ann");
        assertEquals(503, hanging.get().status());
        assertEquals(1, manager.getClientCount());
    }

    @Test
    void authenticatorsThatHangForGoodGiveTheirPlacesBack() {
        KeptThread code = new KeptThread(KeptThread.Kind.WAITS);
        Manager manager = start(settings -> settings.limits(managerLimits(limits ->
                limits.callbackThreads(2).maxAbandonedCalls(4).authenticationTimeout(Duration.ofSeconds(1)))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        Authenticator hanging = Authenticator.of(request -> {
            if (request.queryParameter("hang").isPresent()) {
                code.keep();
            }
            return Authentication.accepted();
        });
        manager.setAuthenticator(hanging);
        WebSocketServer server = serve(manager);
        closing(code);
        for (int round = 1; round <= 2; round++) {
            assertAllRefused(hang(server, 2));
            // As many calls hang as there are threads, and more.
            assertEquals(2 * round, code.kept());
            if (round == 1) {
                connect(manager, server, "ann");
            }
        }
        Await.until(
                "a refusal because of abandoned calls",
                () -> TestClient.to(server, "/ws").awaitReply().status() == 503
                        && errors.items().stream().anyMatch(error -> error.code() == ErrorCode.LIMIT_EXCEEDED));
        assertEquals(4, code.kept());
        // A handshake that needs no user code is still decided.
        manager.disableAuth();
        connect(manager, server, "bob");
        code.close();
        manager.setAuthenticator(hanging);
        Await.until(
                "a handshake that is authenticated again",
                () -> TestClient.to(server, "/ws").awaitReply().status() == 101);
    }

    private static List<CompletableFuture<HttpReply>> hang(WebSocketServer server, int count) {
        return Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> TestClient.to(server, "/ws?hang").awaitReply(), task -> new Thread(task).start()))
                .limit(count)
                .toList();
    }

    private static void assertAllRefused(List<CompletableFuture<HttpReply>> replies) {
        replies.forEach(reply -> assertEquals(503, reply.join().status()));
    }

    private static Authenticator identities(UnaryOperator<Identity> change) {
        return Authenticator.of(request -> Authentication.accepted(
                change.apply(new Identity(request.queryParameter("user_id").orElse("nobody")))));
    }

    @Test
    void aConnectionEndsWhenItsIdentityExpires() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        Instant expiry = Instant.now().plusMillis(700);
        manager.setAuthenticator(identities(identity -> identity.withExpiry(expiry)));
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("in time");
        bob.awaitText("in time");
        assertEquals(CloseStatus.IDENTITY_EXPIRED, ann.awaitClose());
        assertTrue(!Instant.now().isBefore(expiry));
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.AUTHENTICATION_FAILED);
        assertEquals("ann", error.client().orElseThrow().userId());
        Await.until("only bob", () -> manager.getClientCount() == 1);
        assertEquals(401, TestClient.to(server, "/ws?user_id=ann").awaitReply().status());
    }

    @Test
    void anIdentityMayHaveLimitsOfItsOwn() {
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> limits.maxTopics(1))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        manager.setAuthenticator(identities(identity -> identity.userId().equals("vip")
                ? identity.withLimits(clientLimits(
                        limits -> limits.maxTopics(2).maxMessageBytes(100_000).maxConnectionsPerUser(1)))
                : identity));
        WebSocketServer server = serve(manager);
        TestClient vip = subscriber(manager, server, "vip", "a");
        vip.sendText("sub:b");
        Await.until("two topics", () -> manager.getTopicSubscriberCount("b") == 1);
        TestClient ann = subscriber(manager, server, "ann", "a");
        ann.sendText("sub:b");
        ErrorEvent error = errors.await("the error", event -> true);
        assertEquals("ann", error.client().orElseThrow().userId());
        vip.sendText("x".repeat(100_000));
        assertEquals(100_000, ann.awaitText().length());
        assertEquals(429, TestClient.to(server, "/ws?user_id=vip").awaitReply().status());
        connect(server, "ann");
        Await.until("three", () -> manager.getClientCount() == 3);
    }

    @Test
    void whoIsClosedIsHeardNoMore() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann").answeringClose(false);
        assertEquals(1, manager.closeClient("ann", new CloseStatus(4403, "out")));
        ann.sendText("still here");
        ann.sendText("sub:secrets");
        ann.sendClose(CloseStatus.NORMAL);
        assertEquals(4403, ann.awaitClose().code());
        Await.until("only bob", () -> manager.getClientCount() == 1);
        assertEquals(0, bob.unread());
        assertEquals(0, manager.statistics().topics());
    }
}
