package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.protocol.centrifuge.CentrifugeProtocol;
import io.tankws.protocol.centrifuge.ConnectDecision;
import io.tankws.testkit.TestClient;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/clients.md. */
class ClientsGuideTest extends GuideTest {
    private final Map<String, String> users = Map.of("secret", "ann");

    @Test
    void servesClientsWithAnSdk() {
        // region CentrifugeManager
        Manager tank = TankWs.builder()
                .topicConfigurer(topic -> TopicOptions.builder()
                        .historySize(100)
                        .recoverable()
                        .presence()
                        .joinLeave()
                        .build())
                .build();
        // endregion
        closing(tank).start();
        // region CentrifugeRoute
        CentrifugeProtocol centrifuge = CentrifugeProtocol.builder()
                .connectAuthenticator(attempt -> {
                    String user = users.get(attempt.token());
                    return CompletableFuture.completedStage(
                            user == null
                                    ? ConnectDecision.invalidToken()
                                    : ConnectDecision.accepted(new Identity(user)));
                })
                .rpc("echo", (client, argument) -> CompletableFuture.completedStage(argument))
                .build();
        WebSocketServer server = TankWs.serve("in-memory")
                .handle("/ws", tank)
                .handle("/connection/websocket", tank.endpoint(centrifuge))
                .start();
        // endregion
        closing(server);
        TestClient ann = closing(TestClient.connect(server, "/connection/websocket"));
        ann.sendText(
                "{\"connect\":{\"token\":\"secret\"},\"id\":1}\n{\"rpc\":{\"method\":\"echo\",\"data\":1},\"id\":2}");
        assertTrue(ann.awaitText().startsWith("{\"id\":1,\"connect\":{\"client\":"));
        ann.awaitText("{\"id\":2,\"rpc\":{\"data\":1}}");
        TestClient eve = closing(TestClient.connect(server, "/connection/websocket"));
        eve.sendText("{\"connect\":{\"token\":\"guess\"},\"id\":1}");
        assertEquals(new CloseStatus(3500, "invalid token"), eve.awaitClose());
    }
}
