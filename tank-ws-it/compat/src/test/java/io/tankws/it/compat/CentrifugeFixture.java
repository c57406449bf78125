package io.tankws.it.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.CloseStatus;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.protocol.centrifuge.CentrifugeException;
import io.tankws.protocol.centrifuge.CentrifugeProtocol;
import io.tankws.protocol.centrifuge.ConnectDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * A server whose tokens are user ids with an optional instruction after a colon. Topics that begin with {@code plain}
 * have no history, those that begin with {@code room} have presence, those that begin with {@code small} keep two
 * publications, and every other topic keeps 100.
 */
final class CentrifugeFixture implements AutoCloseable {
    final Manager tank;
    final WebSocketServer server;

    CentrifugeFixture() {
        this(manager -> manager, protocol -> protocol);
    }

    CentrifugeFixture(
            UnaryOperator<Manager.Builder> settings, UnaryOperator<CentrifugeProtocol.Builder> protocolSettings) {
        this("in-memory", settings, protocolSettings);
    }

    CentrifugeFixture(
            String transport,
            UnaryOperator<Manager.Builder> settings,
            UnaryOperator<CentrifugeProtocol.Builder> protocolSettings) {
        tank = settings.apply(TankWs.builder().topicConfigurer(CentrifugeFixture::optionsOf))
                .build();
        tank.start();
        CentrifugeProtocol protocol = protocolSettings
                .apply(CentrifugeProtocol.builder()
                        .connectAuthenticator(attempt -> decide(attempt.token()))
                        .rpc("echo", (client, argument) -> CompletableFuture.completedStage(argument))
                        .rpc(
                                "fail",
                                (client, argument) ->
                                        CompletableFuture.failedStage(CentrifugeException.of(500, "out of tea")))
                        .rpc("throw", (client, argument) -> {
                            throw new IllegalStateException("a failure of the application");
                        }))
                .build();
        server = TankWs.serve(transport)
                .port(0)
                .handle(CentrifugePeer.PATH, tank.endpoint(protocol))
                .handle("/ws", tank)
                .start();
    }

    static ManagerLimits.Builder limits() {
        return ManagerLimits.builder();
    }

    private static TopicOptions optionsOf(String topic) {
        if (topic.startsWith("plain")) {
            return TopicOptions.NONE;
        }
        if (topic.startsWith("room")) {
            return TopicOptions.builder().presence().joinLeave().build();
        }
        return TopicOptions.builder()
                .historySize(topic.startsWith("small") ? 2 : 100)
                .recoverable()
                .build();
    }

    private static CompletionStage<ConnectDecision> decide(String token) {
        String[] words = token.split(":");
        Identity identity = new Identity(words[0].isEmpty() ? "guest" : words[0]);
        return switch (words.length == 1 ? "" : words[1]) {
            case "invalid" -> CompletableFuture.completedStage(ConnectDecision.invalidToken());
            case "expired" ->
                CompletableFuture.failedStage(
                        CentrifugeException.of(CentrifugeException.TOKEN_EXPIRED, "token expired"));
            case "throw" -> throw new IllegalStateException("a failure of the application");
            case "info" ->
                CompletableFuture.completedStage(
                        ConnectDecision.accepted(identity.withInfo(Payload.json("{\"name\":1}"))));
            case "room" ->
                CompletableFuture.completedStage(
                        ConnectDecision.accepted(identity).withTopics(List.of("room-own")));
            case "topics" ->
                CompletableFuture.completedStage(
                        ConnectDecision.accepted(identity).withTopics(List.of("own")));
            case "" -> CompletableFuture.completedStage(ConnectDecision.accepted(identity));
            default ->
                CompletableFuture.completedStage(ConnectDecision.accepted(
                        identity.withExpiry(Instant.now().plus(Duration.parse(words[1])))));
        };
    }

    /** Asserts that a connection ended with a code and a reason. */
    static void assertClosed(int code, String reason, CentrifugePeer peer) {
        assertEquals(new CloseStatus(code, reason), peer.awaitClose());
    }

    @Override
    public void close() {
        tank.shutdown(Duration.ofSeconds(1));
        server.close();
    }
}
