package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** On the module path, patched into the application's module, and on the class path. */
class NoticesTest {
    @Test
    void runsOnThePathThatTheProjectIsFor() {
        boolean modular = Files.exists(Path.of("target/classes/module-info.class"));
        assertEquals(modular, Notices.class.getModule().isNamed());
        assertEquals(modular, TankWs.class.getModule().isNamed());
        assertEquals(modular, ModuleLayer.boot().findModule("io.tankws.transport.memory").isPresent());
        assertEquals(
                modular, ModuleLayer.boot().findModule("io.tankws.transport.jetty").isPresent());
        assertFalse(Test.class.getModule().isNamed());
    }

    @Test
    void theTransportInMemoryServesTheApplication() {
        try (Notices notices = new Notices(TankWs.newInstance())) {
            assertEquals("in-memory", notices.server().transport());
            TestClient ann = TestClient.connect(notices.server(), "/ws?user_id=ann");
            ann.awaitText("Hello, ann! Welcome to WebSocket server.");
            ann.sendText("sub:news");
            Await.until("the subscription", () -> notices.readers() == 1);
            notices.publish("hi");
            ann.awaitText("{\"topic\":\"news\",\"data\":\"hi\"}");
        }
    }

    @Test
    void theBackplaneInMemoryJoinsTwoNodes() {
        try (Notices here = new Notices(node());
                Notices there = new Notices(node())) {
            TestClient ann = TestClient.connect(there.server(), "/ws?user_id=ann");
            ann.awaitText("Hello, ann! Welcome to WebSocket server.");
            ann.sendText("sub:news");
            Await.until("the subscription", () -> there.readers() == 1);
            here.publish("hi");
            ann.awaitText("{\"topic\":\"news\",\"data\":\"hi\"}");
        }
    }

    private static Manager node() {
        return TankWs.builder()
                .cluster(ClusterConfig.of("consumer", "in-memory:consumer"))
                .build()
                .start();
    }
}
