package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Authentication;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.ServerLimits;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.TestClient;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deadline of authentication, on the transports with sockets. The in-memory transport has none. */
class DecisionTimeTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void aDecisionHasTheTimeOfTheManagerThatMakesIt(String transport) throws Exception {
        CompletableFuture<Authentication> decision = new CompletableFuture<>();
        ManagerLimits patient = ManagerLimits.builder()
                .authenticationTimeout(Duration.ofHours(1))
                .build();
        ServerLimits ofServer = ServerLimits.builder()
                .handshakeTimeout(SHORT)
                .authenticationTimeout(SHORT)
                .build();
        try (Manager manager = TankWs.builder()
                        .limits(patient)
                        .authenticator(request -> decision)
                        .build()
                        .start();
                WebSocketServer server = TankWs.serve(transport)
                        .port(0)
                        .limits(ofServer)
                        .handle("/forgotten", handshake -> {})
                        .handle("/ws", manager::handleConnection)
                        .handle("/direct", manager)
                        .start();
                Socket forgotten = new Socket("127.0.0.1", server.port())) {
            CompletableFuture<HttpReply> waiting = reply(server, "/ws");
            CompletableFuture<HttpReply> direct = reply(server, "/direct");
            forgotten
                    .getOutputStream()
                    .write(
                            ("GET /forgotten HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            forgotten.setSoTimeout(30_000);
            // No authenticator decides on this request. Its end shows that the deadline of the server has passed.
            assertEquals(-1, forgotten.getInputStream().read());
            decision.complete(Authentication.accepted());
            assertEquals(101, waiting.get().status());
            assertEquals(101, direct.get().status());
        }
    }

    private static CompletableFuture<HttpReply> reply(WebSocketServer server, String path) {
        return CompletableFuture.supplyAsync(
                () -> TestClient.to(server, path).awaitReply(), task -> new Thread(task).start());
    }
}
