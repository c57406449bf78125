package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Manager;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/authorization.md and of SECURITY.md. */
class AuthorizationGuideTest extends GuideTest {
    private final Rooms rooms = new Rooms();

    private static final class Rooms {
        private final Set<String> members = ConcurrentHashMap.newKeySet();

        CompletionStage<Boolean> isMember(String user, String room) {
            return CompletableFuture.supplyAsync(() -> members.contains(user + "@" + room));
        }

        void join(String user, String room) {
            members.add(user + "@" + room);
        }

        void remove(String user, String room) {
            members.remove(user + "@" + room);
        }
    }

    private TestClient connect(Manager tank, String user) {
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        return connect(server, "/ws?user_id=" + user);
    }

    @Test
    void ownTopics() {
        // region OwnTopics
        TopicAuthorizer ownTopics = TopicAuthorizer.of(
                request -> request.topic().equals(request.client().userId())
                        ? TopicDecision.allowed()
                        : TopicDecision.denied("this is not your topic"));
        // endregion
        Manager tank = TankWs.builder().topicAuthorizer(ownTopics).build();
        closing(tank).start();
        TestClient ann = connect(tank, "ann");
        ann.sendText("sub:bob");
        ann.sendText("sub:ann");
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("ann") == 1);
        assertEquals(Set.of("ann"), tank.getAllTopics());
    }

    @Test
    void members() {
        // region Members
        Manager tank = TankWs.builder()
                .topicAuthorizer(request -> rooms.isMember(request.client().userId(), request.topic())
                        .thenApply(member -> member
                                ? TopicDecision.allowed()
                                        .withExpiry(Instant.now().plus(Duration.ofHours(1)))
                                : TopicDecision.denied("you are not a member")))
                .plainReplies(true)
                .build();
        // endregion
        closing(tank).start();
        rooms.join("ann", "chess");
        TestClient ann = connect(tank, "ann");
        ann.sendText("sub:go");
        ann.awaitText("{\"error\":{\"code\":1016,\"action\":\"subscribe\",\"topic\":\"go\","
                + "\"reason\":\"you are not a member\"}}");
        ann.sendText("sub:chess");
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("chess") == 1);
        // region Revoke
        rooms.remove("ann", "chess"); // first, so that the authorizer denies a later sub:chess
        tank.revoke("ann", "chess").thenRun(() -> tank.broadcastTopicMessage("chess", "ann has left"));
        // endregion
        assertEquals(0, tank.getTopicSubscriberCount("chess"));
        assertTrue(ann.awaitText().contains("revoked"));
        tank.subscribeUser("ann", "lobby").toCompletableFuture().join();
        assertEquals(Set.of("lobby"), tank.getAllTopics());
    }
}
