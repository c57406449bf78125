package io.tankws.examples.guide;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/testing.md. */
class TestingGuideTest extends GuideTest {
    @Test
    void aTestClientDoesWhatATestSays() {
        // region TestClient
        Manager tank = TankWs.newInstance();
        WebSocketServer server = TankWs.serve("in-memory").handle("/ws", tank).start();
        TestClient ann = TestClient.connect(server, "/ws?user_id=ann");
        ann.awaitText("Hello, ann! Welcome to WebSocket server.");
        ann.sendText("sub:news");
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("news") == 1);
        tank.broadcastTopicMessage("news", "hi");
        ann.awaitText("{\"topic\":\"news\",\"data\":\"hi\"}");
        // endregion
        closing(tank);
        closing(server);
    }

    @Test
    void aClusterInMemoryNeedsNoServer() {
        // region ClusterInMemory
        ClusterConfig cluster = ClusterConfig.of("test", "in-memory:any-name");
        Manager one = TankWs.builder().cluster(cluster).build().start();
        Manager two = TankWs.builder().cluster(cluster).build().start();
        // endregion
        closing(one);
        closing(two);
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", two).start());
        TestClient ann = closing(TestClient.connect(server, "/ws?user_id=ann"));
        ann.awaitText("Hello, ann! Welcome to WebSocket server.");
        one.broadcastMessage("from the other node");
        ann.awaitText("from the other node");
    }
}
