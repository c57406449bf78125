package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.Credentials;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.Refusal;
import io.tankws.WebSocketServer;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who may connect, and as whom. */
abstract class AuthenticationContract extends ContractCase {
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
        HttpReply reply = TestClient.to(server, "/ws?user_id=eve&token=wrong").ask();
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
                401, TestClient.to(server, "/ws").basic("admin", "Secret").ask().status());
        assertEquals(401, TestClient.to(server, "/ws").ask().status());
    }

    @Test
    void withoutAuthenticationEverybodyComesIn() {
        Manager manager = start();
        manager.enableAuth(request -> false);
        WebSocketServer server = serve(manager);
        assertEquals(401, TestClient.to(server, "/ws").ask().status());
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
        assertEquals(403, TestClient.to(server, "/ws?user_id=bob").ask().status());
    }

    @Test
    void anAuthenticatorSaysHowItRefuses() {
        Manager manager = start();
        manager.setAuthenticator(Authenticator.of(
                request -> Authentication.refused(new Refusal(451, "not in your country", Map.of("X-Law", "42")))));
        HttpReply reply = TestClient.to(serve(manager), "/ws").ask();
        assertEquals(451, reply.status());
        assertEquals(Optional.of("42"), reply.header("X-Law"));
        assertEquals("not in your country", reply.body().strip());
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
        assertEquals(500, TestClient.to(server, "/ws").ask().status());
        ErrorEvent error = errors.await("the error", event -> true);
        assertEquals(ErrorCode.AUTHENTICATION_FAILED, error.code());
        assertTrue(error.cause().orElseThrow() instanceof AssertionError);
        manager.setAuthenticator(request -> CompletableFuture.failedFuture(new IllegalStateException("on purpose")));
        assertEquals(500, TestClient.to(server, "/ws").ask().status());
    }

    @Test
    void anAuthenticatorThatHangsIsCutOffAndDelaysNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Manager manager = start(
                settings -> settings.limits(limits(limits -> limits.authenticationTimeout(Duration.ofMillis(300)))));
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
                () -> TestClient.to(server, "/ws?hang").ask(), task -> new Thread(task).start());
        connect(manager, server, "ann");
        assertEquals(503, hanging.get().status());
        assertEquals(1, manager.getClientCount());
    }
}
