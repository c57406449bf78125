package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.TrustedProxies;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.TestClient;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/proxies.md. */
class ProxiesGuideTest extends GuideTest {
    @Test
    void takesTheAddressFromATrustedProxy() {
        int port = 0;
        Manager tank = closing(TankWs.newInstance());
        // region TrustedProxies
        WebSocketServer server = TankWs.serve("jetty")
                .port(port)
                .trustedProxies(TrustedProxies.of("127.0.0.1", "::1", "10.0.0.0/8"))
                .handle("/ws", tank)
                .start();
        // endregion
        closing(server);
        TestClient ann = closing(TestClient.to(server, "/ws")
                .header("X-Forwarded-For", "192.0.2.7")
                .connect());
        ann.awaitText();
        assertEquals("192.0.2.7", tank.clients().get(0).remoteAddress().getHostString());
    }
}
