package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.HttpReply;
import io.tankws.testkit.TestClient;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host rule of a server that listens on all addresses, for peers that connect over loopback. */
class AllAddressesTest {
    private static HttpReply reply(WebSocketServer server, String host) {
        return TestClient.to(server, "/ws")
                .without("Host")
                .header("Host", host.replace("PORT", String.valueOf(server.port())))
                .awaitReply();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket", "in-memory"})
    void everyAddressIsItsNameAndNoOtherNameIs(String transport) {
        try (Manager manager = TankWs.newInstance();
                WebSocketServer server = TankWs.serve(transport)
                        .host("0.0.0.0")
                        .port(0)
                        .handle("/ws", manager::handleConnection)
                        .start()) {
            for (String host : List.of("192.168.0.1:PORT", "0.0.0.0:PORT", "[fe80::1]", "localhost:PORT")) {
                assertEquals(101, reply(server, host).status(), host);
            }
            for (String host : List.of("evil.example:PORT", "2130706433", "127.1")) {
                int status = reply(server, host).status();
                assertTrue(status == 400 || status == 421, host + ": " + status);
            }
        }
    }
}
