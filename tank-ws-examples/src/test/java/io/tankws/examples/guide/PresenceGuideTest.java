package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.Payload;
import io.tankws.PresenceMember;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/presence.md. */
class PresenceGuideTest extends GuideTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void showsWhichClientsArePresent() {
        // region Rooms
        Manager tank = TankWs.builder()
                .topicConfigurer(topic -> topic.startsWith("room:")
                        ? TopicOptions.builder()
                                .presence()
                                .joinLeave()
                                .leaveGrace(Duration.ofSeconds(5))
                                .build()
                        : TopicOptions.NONE)
                .build();
        // endregion
        closing(tank).start();
        List<String> events = new CopyOnWriteArrayList<>();
        tank.presenceEvents().subscribe(new PresenceLog(events::add));
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        TestClient ann = connect(server, "/ws?user_id=ann");
        ann.sendText("sub:room:tea");
        Await.until("the join", () -> events.equals(List.of("ann joined room:tea")));
        // region ListMembers
        tank.presence("room:tea").thenAccept(presence -> {
            for (PresenceMember member : presence.members()) {
                log.add(member.userId() + " "
                        + member.info().map(Payload::asText).orElse("no info"));
            }
            if (presence.hasMore()) {
                log.add("and more");
            }
        });
        // endregion
        // region CountMembers
        tank.presenceCounts("room:tea")
                .thenAccept(counts -> log.add(counts.connections() + " connections of " + counts.users() + " users"));
        // endregion
        assertEquals(List.of("ann no info", "1 connections of 1 users"), log);
        // region Users
        tank.isPresent("ann").thenAccept(present -> {
            if (present) {
                tank.sendToUser("ann", "you have mail");
            }
        });
        // endregion
        ann.awaitText("you have mail");
        ann.sendText("unsub:room:tea");
        Await.until("the leave", () -> events.equals(List.of("ann joined room:tea", "ann left room:tea")));
    }
}
