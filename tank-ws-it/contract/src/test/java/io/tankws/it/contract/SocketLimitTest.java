package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Manager;
import io.tankws.ServerLimits;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit of sockets, on the transports with sockets. The in-memory transport has no state before a handshake. */
class SocketLimitTest {
    private static final int MAX = 3;

    private static boolean isOpen(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void aSocketTooManyIsClosedAtOnceAndTheOthersStay(String transport) throws IOException {
        ServerLimits limits = ServerLimits.builder().maxSockets(MAX).build();
        try (Manager manager = TankWs.newInstance();
                WebSocketServer server = TankWs.serve(transport)
                        .port(0)
                        .limits(limits)
                        .handle("/ws", manager::handleConnection)
                        .start();
                Socket silent = new Socket("127.0.0.1", server.port());
                TestClient ann = TestClient.connect(server, "/ws?user_id=ann")) {
            try (TestClient bob = TestClient.connect(server, "/ws?user_id=bob")) {
                for (int i = 0; i < 5; i++) {
                    try (Socket tooMany = new Socket("127.0.0.1", server.port())) {
                        Await.until("the end of one too many", () -> {
                            try {
                                return !isOpen(tooMany);
                            } catch (IOException e) {
                                return true;
                            }
                        });
                    }
                }
                bob.awaitText("Hello, bob! Welcome to WebSocket server.");
                bob.sendText("still here");
                ann.awaitText("Hello, ann! Welcome to WebSocket server.");
                ann.awaitText("still here");
            }
            Await.until("bob to be gone", () -> manager.getClientCount() == 1);
            Await.until("his place", () -> {
                try (Socket next = new Socket("127.0.0.1", server.port())) {
                    return isOpen(next);
                } catch (IOException e) {
                    return false;
                }
            });
            assertTrue(isOpen(silent));
        }
    }
}
