package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Compression;
import io.tankws.Manager;
import io.tankws.TransportSelectionException;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.TestClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compression choices of a program, on transports that compress and on those that do not. */
class CompressionChoiceTest {
    private static final Upgrader REQUIRED = Upgrader.defaults().withCompression(Compression.REQUIRED);
    private static final Upgrader IF_AVAILABLE = Upgrader.defaults().withCompression(true);

    private static Manager manager(Upgrader upgrader) {
        return TankWs.builder().greeting("").upgrader(upgrader).build().start();
    }

    private static WebSocketServer.Builder server(String transport) {
        return TankWs.serve(transport).port(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java-websocket", "in-memory"})
    void requiredCompressionIsRefusedWhereThereIsNone(String transport) {
        try (Manager manager = manager(REQUIRED);
                Manager later = manager(Upgrader.defaults());
                WebSocketServer server = server(transport).handle("/ws", later).start()) {
            List<TransportSelectionException> refusals = List.of(
                    assertThrows(
                            TransportSelectionException.class, server(transport).handle("/ws", manager)::start),
                    assertThrows(TransportSelectionException.class, () -> server.handle("/other", manager)),
                    assertThrows(TransportSelectionException.class, () -> later.setCustomUpgrader(REQUIRED)));
            for (TransportSelectionException e : refusals) {
                assertTrue(e.getMessage().contains(transport), e::getMessage);
                assertTrue(e.getMessage().contains("IF_AVAILABLE"), e::getMessage);
            }
            assertEquals(404, TestClient.to(server, "/other").awaitReply().status());
            assertEquals(101, TestClient.to(server, "/ws").awaitReply().status());
            server.handle("/hidden", manager::handleConnection);
            assertEquals(500, TestClient.to(server, "/hidden").awaitReply().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket", "in-memory"})
    void compressionIfAvailableIsServedEverywhere(String transport) {
        try (Manager manager = manager(IF_AVAILABLE);
                WebSocketServer server =
                        server(transport).handle("/ws", manager).start();
                TestClient client = TestClient.to(server, "/ws")
                        .header("Sec-WebSocket-Extensions", "permessage-deflate")
                        .connect()) {
            assertEquals(
                    transport.equals("jetty"),
                    client.reply().header("Sec-WebSocket-Extensions").isPresent());
        }
    }

    @Test
    void requiredCompressionLeavesTheOfferToTheClient() {
        try (Manager manager = manager(REQUIRED);
                WebSocketServer server = server("jetty").handle("/ws", manager).start();
                TestClient client = TestClient.connect(server, "/ws")) {
            assertFalse(client.reply().header("Sec-WebSocket-Extensions").isPresent());
        }
    }
}
