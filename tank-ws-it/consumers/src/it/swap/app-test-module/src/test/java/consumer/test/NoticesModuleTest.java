package consumer.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import consumer.Notices;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import org.junit.jupiter.api.Test;

/** A module that sees of the application what any other module sees. */
class NoticesModuleTest {
    @Test
    void allRunsOnTheModulePath() {
        assertEquals("consumer.app.test", getClass().getModule().getName());
        assertEquals("consumer.app", Notices.class.getModule().getName());
        assertEquals("io.tankws.testkit", TestClient.class.getModule().getName());
        assertTrue(Test.class.getModule().isNamed());
    }

    @Test
    void theTransportInMemoryServesTheApplication() {
        try (Notices notices = new Notices(TankWs.newInstance())) {
            assertEquals("in-memory", notices.server().transport());
            TestClient ben = TestClient.connect(notices.server(), "/ws?user_id=ben");
            ben.awaitText("Hello, ben! Welcome to WebSocket server.");
            ben.sendText("sub:news");
            Await.until("the subscription", () -> notices.readers() == 1);
            notices.publish("hello");
            ben.awaitText("{\"topic\":\"news\",\"data\":\"hello\"}");
        }
    }
}
