package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/start.md. */
class StartGuideTest extends GuideTest {
    @Test
    void publishesFromAnyThread() {
        Manager tank = closing(TankWs.newInstance());
        WebSocketServer server = TankWs.serve("in-memory").handle("/ws", tank).start();
        tank.setServer(server);
        TestClient ann = connect(server, "/ws");
        ann.sendText("sub:news");
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("news") == 1);
        String id = tank.clients().get(0).id();
        // region Publish
        tank.broadcastMessage("to every client");
        tank.broadcastTopicMessage("news", "to the subscribers of news");
        tank.client(id).ifPresent(client -> client.send("to one connection"));
        // endregion
        ann.awaitText("to every client");
        ann.awaitText("{\"topic\":\"news\",\"data\":\"to the subscribers of news\"}");
        ann.awaitText("to one connection");
    }

    @Test
    void handlesMessagesInsteadOfRelayingThem() {
        // region HandleMessages
        Manager tank = TankWs.builder()
                .messageHandler((client, message) -> {
                    if (message instanceof Message.Text text) {
                        client.send("you said " + text.text());
                    }
                })
                .build()
                .start();
        // endregion
        closing(tank);
        WebSocketServer server = TankWs.serve("in-memory").handle("/ws", tank).start();
        tank.setServer(server);
        TestClient ann = connect(server, "/ws");
        ann.sendText("hello");
        ann.awaitText("you said hello");
    }

    @Test
    void serveSeveralManagersOnOnePort() {
        int port = 0;
        // region TwoManagers
        Manager chat = TankWs.newInstance();
        Manager prices = TankWs.newInstance();
        WebSocketServer server = TankWs.serve("jetty")
                .port(port)
                .handle("/chat", chat)
                .handle("/prices", prices)
                .start();
        // endregion
        closing(server);
        closing(chat);
        closing(prices);
        TestClient ann = connect(server, "/prices");
        assertEquals(0, chat.getClientCount());
        assertEquals(1, prices.getClientCount());
        prices.broadcastMessage("1.00");
        ann.awaitText("1.00");
    }
}
