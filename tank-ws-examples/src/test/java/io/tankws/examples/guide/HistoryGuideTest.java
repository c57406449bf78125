package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.HistoryQuery;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.MessageHandler;
import io.tankws.OverflowPolicy;
import io.tankws.Payload;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/history.md. */
class HistoryGuideTest extends GuideTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    private static String epochOf(Message message) {
        return text(message).split(":")[0];
    }

    private static long offsetOf(Message message) {
        return Long.parseLong(text(message).split(":")[1]);
    }

    private static String text(Message message) {
        return ((Message.Text) message).text();
    }

    private TestClient connect(Manager tank, String user) {
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        return connect(server, "/ws?user_id=" + user);
    }

    @Test
    void publishesAndReads() {
        // region Histories
        Manager tank = TankWs.builder()
                .topicConfigurer(topic -> topic.startsWith("chat:")
                        ? TopicOptions.builder()
                                .historySize(200)
                                .historyTtl(Duration.ofHours(1))
                                .recoverable()
                                .build()
                        : TopicOptions.NONE)
                .build();
        // endregion
        closing(tank).start();
        // region PublishPosition
        tank.publish("chat:tea", Payload.json("{\"from\":\"ann\",\"text\":\"hello\"}"))
                .thenAccept(position -> log.add("published at " + position));
        // endregion
        assertTrue(log.get(0).endsWith(":1"), log::toString);
        // region ReadHistory
        HistoryQuery newest = HistoryQuery.builder().reverse().limit(10).build();
        tank.history("chat:tea", newest)
                .thenAccept(result -> result.page()
                        .publications()
                        .forEach(publication -> log.add(publication.offset() + ": "
                                + publication.payload().asText())));
        // endregion
        assertEquals("1: {\"from\":\"ann\",\"text\":\"hello\"}", log.get(1));
    }

    @Test
    void recovers() {
        // region RecoverMissed
        MessageHandler handler = (client, message) -> {
            StreamPosition last = new StreamPosition(epochOf(message), offsetOf(message));
            client.subscribe("chat:tea", last).thenAccept(recovery -> {
                if (!recovery.isComplete()) {
                    client.send("reload");
                }
            });
        };
        // endregion
        Manager tank = TankWs.builder()
                .messageHandler(handler)
                .topicConfigurer(topic ->
                        TopicOptions.builder().historySize(10).recoverable().build())
                .build();
        closing(tank).start();
        TestClient ann = connect(tank, "ann");
        String epoch = tank.publish("chat:tea", Payload.text("1"))
                .toCompletableFuture()
                .join()
                .epoch();
        tank.publish("chat:tea", Payload.text("2"));
        ann.sendText(epoch + ":1");
        ann.awaitText("{\"topic\":\"chat:tea\",\"data\":\"2\"}");
        Client client = tank.clients().get(0);
        assertTrue(client.unsubscribe("chat:tea"));
        ann.sendText("another:1");
        ann.awaitText("reload");
    }

    @Test
    void letsSlowClientsCatchUp() {
        // region CatchUp
        Manager tank = TankWs.builder()
                .overflowPolicy(OverflowPolicy.CATCH_UP)
                .clientLimits(ClientLimits.builder()
                        .catchUpTime(Duration.ofSeconds(30))
                        .build())
                .topicConfigurer(
                        topic -> TopicOptions.builder().historySize(1000).build())
                .build();
        // endregion
        closing(tank).start();
        TestClient ann = connect(tank, "ann");
        ann.sendText("sub:chat:tea");
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("chat:tea") == 1);
        tank.publish("chat:tea", Payload.text("1"));
        ann.awaitText("{\"topic\":\"chat:tea\",\"data\":\"1\"}");
        assertEquals(0, tank.statistics().messagesRecovered());
    }

    @Test
    void sendsTheLastValue() {
        // region LastValue
        TopicOptions price = TopicOptions.builder().historySize(1).lastValue().build();
        // endregion
        Manager tank = TankWs.builder().topicConfigurer(topic -> price).build();
        closing(tank).start();
        tank.publish("price", Payload.text("42"));
        TestClient ann = connect(tank, "ann");
        ann.sendText("sub:price");
        ann.awaitText("{\"topic\":\"price\",\"data\":\"42\"}");
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("price") == 1);
    }
}
