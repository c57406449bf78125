package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.ClientLimits;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that reads slowly but steadily stays connected, even with much unread data before its pings. */
class SlowReaderTest {
    private static final int TOTAL = 6 * 1024 * 1024;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({
        "jetty,1",
        "jetty,12",
        "jetty,96",
        "jetty,6000",
        "java-websocket,1",
        "java-websocket,12",
        "java-websocket,96",
        "java-websocket,6000"
    })
    void isNotTakenForSilent(String transport, int messages) throws Exception {
        ClientLimits limits = ClientLimits.builder()
                .outboxBytes(2 * TOTAL)
                .outboxSoft(2 * TOTAL, Duration.ofMinutes(1))
                .outboxMessages(10_000)
                .outboxAge(Duration.ofMinutes(1))
                .build();
        try (Manager manager = TankWs.builder()
                        .greeting("")
                        .farewell("")
                        .clientLimits(limits)
                        .build()
                        .start();
                WebSocketServer server = TankWs.serve(transport)
                        .port(0)
                        .handle("/ws", manager::handleConnection)
                        .start();
                PacedPeer peer = new PacedPeer(server.port(), 600 * 1024)) {
            Await.until("the client", () -> manager.getClientCount() == 1);
            manager.enableHeartbeat(Duration.ofSeconds(1), Duration.ofSeconds(2));
            Message message = Message.binary(new byte[TOTAL / messages]);
            for (int i = 0; i < messages; i++) {
                manager.broadcastMessage(message);
            }
            long expected = (long) message.size() * messages;
            assertEquals(expected, peer.readMessages(expected));
            assertEquals(Map.of(), manager.statistics().errors());
            assertEquals(1, manager.getClientCount());
        }
    }
}
