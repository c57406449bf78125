package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Manager;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/operations.md. */
class OperationsGuideTest extends GuideTest {
    private final Manager tank = closing(TankWs.newInstance());
    private final WebSocketServer server =
            closing(TankWs.serve("in-memory").handle("/ws", tank).start());

    @Test
    void aSilentClientIsDisconnected() {
        Duration interval = Duration.ofMillis(50);
        Duration timeout = Duration.ofMillis(100);
        TestClient silent = TestClient.connect(server, "/ws").answeringPings(false);
        closing(silent);
        // region Heartbeat
        tank.enableHeartbeat(interval, timeout); // such as 30 and 60 seconds
        // endregion
        assertEquals(1006, silent.awaitClose().code());
        tank.disableHeartbeat();
    }

    @Test
    void shutsDownInOrder() {
        TestClient ann = closing(TestClient.connect(server, "/ws?user_id=ann"));
        ann.awaitText("Hello, ann! Welcome to WebSocket server.");
        // region Shutdown
        tank.setServer(server); // so that the shutdown also stops the server
        tank.shutdown(Duration.ofSeconds(10));
        // endregion
        ann.awaitText("Server is shutting down");
        assertEquals(1001, ann.awaitClose().code());
        assertFalse(server.isRunning());
    }

    @Test
    void reportsHealth() {
        // region Health
        boolean serving = server.isRunning() && tank.isRunning();
        Statistics counts = tank.statistics();
        long dropped = counts.messagesDropped();
        long lostEvents = counts.eventsLost();
        // endregion
        assertTrue(serving);
        assertEquals(0, dropped);
        assertEquals(0, lostEvents);
    }
}
