package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ClientLimits;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.OverflowPolicy;
import io.tankws.ServerLimits;
import io.tankws.UserLimitPolicy;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/limits.md. */
class LimitsGuideTest extends GuideTest {
    @Test
    void eachLimitHasOneOwner() {
        int port = 0;
        // region Limits
        Manager tank = TankWs.builder()
                .limits(ManagerLimits.builder().maxConnections(10_000).build())
                .clientLimits(ClientLimits.builder()
                        .maxMessageBytes(16 * 1024)
                        .maxConnectionsPerUser(2)
                        .build())
                .overflowPolicy(OverflowPolicy.DROP_OLDEST)
                .whenUserLimitIsReached(UserLimitPolicy.CLOSE_OLDEST)
                .build()
                .start();
        WebSocketServer server = TankWs.serve("jetty")
                .port(port)
                .limits(ServerLimits.builder()
                        .handshakeTimeout(Duration.ofSeconds(5))
                        .maxSockets(20_000)
                        .build())
                .handle("/ws", tank)
                .start();
        // endregion
        closing(tank);
        closing(server);
        try (TestClient ann = TestClient.connect(server, "/ws?user_id=ann")) {
            ann.awaitText();
            ann.sendText("x".repeat(16 * 1024 + 1));
            assertEquals(1009, ann.awaitClose().code());
        }
    }

    @Test
    void anIdentityChangesOneLimit() {
        Manager tank = closing(TankWs.newInstance());
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        // region IdentityLimits
        tank.setAuthenticator(Authenticator.of(request -> Authentication.accepted(new Identity("guest")
                .withLimits(ClientLimits.builder().messagesPerSecond(1).build()))));
        // endregion
        TestClient guest = closing(TestClient.connect(server, "/ws"));
        guest.awaitText();
        guest.sendText("one");
        guest.sendText("two");
        guest.sendText("three");
        assertEquals(1008, guest.awaitClose().code());
    }
}
