package io.tankws.it.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Payload;
import io.tankws.TopicAction;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import io.tankws.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Presence, joins and leaves of the Centrifuge protocol. */
class CentrifugePresenceTest {
    private static CentrifugeFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new CentrifugeFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static String info(String user, String client) {
        return "{\"user\":\"" + user + "\",\"client\":\"" + client + "\"}";
    }

    private static String event(String topic, String kind, String info) {
        return "{\"push\":{\"channel\":\"" + topic + "\",\"" + kind + "\":{\"info\":" + info + "}}}";
    }

    /** Subscribes with joins and leaves, and awaits the reply and the own join. */
    private static void join(CentrifugePeer peer, String topic, String user) {
        peer.send("{\"subscribe\":{\"channel\":\"" + topic + "\",\"join_leave\":true},\"id\":2}");
        peer.await("{\"id\":2,\"subscribe\":{}}", event(topic, "join", info(user, peer.id())));
    }

    @Test
    void eachMemberJoinsAfterItsReplyAndLeavesOnce() {
        try (CentrifugePeer ann = CentrifugePeer.connect(fixture.server, "ann")) {
            join(ann, "room", "ann");
            try (CentrifugePeer bob = CentrifugePeer.connect(fixture.server, "bob")) {
                join(bob, "room", "bob");
                String bobInfo = info("bob", bob.id());
                ann.await(event("room", "join", bobInfo));
                bob.send("{\"unsubscribe\":{\"channel\":\"room\"},\"id\":3}");
                bob.await("{\"id\":3,\"unsubscribe\":{}}");
                ann.await(event("room", "leave", bobInfo));
                join(bob, "room", "bob");
                ann.await(event("room", "join", bobInfo));
            }
            // The close handshake ends the subscription, and the end of the connection follows.
            String leave = ann.await();
            assertTrue(
                    leave.startsWith("{\"push\":{\"channel\":\"room\",\"leave\":{\"info\":{\"user\":\"bob\""), leave);
            Await.until("one client", () -> fixture.tank.getClientCount() == 1);
            fixture.tank.publish("room", Payload.json("1"));
            ann.await("{\"push\":{\"channel\":\"room\",\"pub\":{\"data\":1}}}");
        }
    }

    @Test
    void clientsThatDoNotAskGetNoJoins() {
        try (CentrifugePeer ann = CentrifugePeer.connect(fixture.server, "ann");
                CentrifugePeer bob = CentrifugePeer.connect(fixture.server, "bob")) {
            ann.send("{\"subscribe\":{\"channel\":\"room-quiet\"},\"id\":2}");
            ann.await("{\"id\":2,\"subscribe\":{}}");
            join(bob, "room-quiet", "bob");
            fixture.tank.publish("room-quiet", Payload.json("1"));
            ann.await("{\"push\":{\"channel\":\"room-quiet\",\"pub\":{\"data\":1}}}");
        }
    }

    @Test
    void aSubscriptionByTheServerGetsJoins() {
        try (CentrifugePeer ann = CentrifugePeer.connect(fixture.server, "ann:room")) {
            ann.await("{\"push\":{\"channel\":\"room-own\",\"subscribe\":{}}}");
            ann.await(event("room-own", "join", info("ann", ann.id())));
        }
    }

    @Test
    void membersAreListedAndCounted() {
        try (CentrifugePeer ann = CentrifugePeer.connect(fixture.server, "ann:info");
                CentrifugePeer second = CentrifugePeer.connect(fixture.server, "ann");
                CentrifugePeer visitor = CentrifugePeer.connect(fixture.server, "bob")) {
            ask(visitor, "presence", "room-list", "\"presence\":{\"presence\":{}}");
            ask(visitor, "presence_stats", "room-list", "\"presence_stats\":{\"num_clients\":0,\"num_users\":0}");
            ann.send("{\"subscribe\":{\"channel\":\"room-list\"},\"id\":2}");
            ann.await("{\"id\":2,\"subscribe\":{}}");
            join(second, "room-list", "ann");
            String annInfo = "{\"user\":\"ann\",\"client\":\"" + ann.id() + "\",\"conn_info\":{\"name\":1}}";
            ask(
                    visitor,
                    "presence",
                    "room-list",
                    "\"presence\":{\"presence\":{\"" + ann.id() + "\":" + annInfo + ",\"" + second.id() + "\":"
                            + info("ann", second.id()) + "}}");
            ask(visitor, "presence_stats", "room-list", "\"presence_stats\":{\"num_clients\":2,\"num_users\":1}");
        }
    }

    private static void ask(CentrifugePeer peer, String command, String topic, String answer) {
        peer.send("{\"" + command + "\":{\"channel\":\"" + topic + "\"},\"id\":9}");
        peer.await("{\"id\":9," + answer + "}");
    }

    @Test
    void aTopicWithoutPresenceAnswersNoQuestion() {
        try (CentrifugePeer ann = CentrifugePeer.connect(fixture.server, "ann")) {
            String error = "\"error\":{\"code\":108,\"message\":\"not available\"}";
            ask(ann, "presence", "plain", error);
            ask(ann, "presence_stats", "news", error);
        }
    }

    @Test
    void theAuthorizerDecidesOnQuestionsAndAddsInfoToMembers() {
        TopicAuthorizer authorizer = TopicAuthorizer.of(request -> request.action() == TopicAction.PRESENCE
                        && request.client().userId().equals("eve")
                ? TopicDecision.denied("no")
                : TopicDecision.allowed().withInfo(Payload.json("[1]")));
        try (CentrifugeFixture guarded =
                        new CentrifugeFixture(manager -> manager.topicAuthorizer(authorizer), protocol -> protocol);
                CentrifugePeer ann = CentrifugePeer.connect(guarded.server, "ann");
                CentrifugePeer eve = CentrifugePeer.connect(guarded.server, "eve")) {
            ann.send("{\"subscribe\":{\"channel\":\"room\",\"join_leave\":true},\"id\":2}");
            String info = "{\"user\":\"ann\",\"client\":\"" + ann.id() + "\",\"chan_info\":[1]}";
            ann.await("{\"id\":2,\"subscribe\":{}}", event("room", "join", info));
            ask(ann, "presence", "room", "\"presence\":{\"presence\":{\"" + ann.id() + "\":" + info + "}}");
            ask(eve, "presence", "room", "\"error\":{\"code\":103,\"message\":\"permission denied\"}");
            ask(eve, "presence_stats", "room", "\"error\":{\"code\":103,\"message\":\"permission denied\"}");
        }
    }

    @Test
    void aMemberThatReloadsKeepsItsClientInPresence() {
        TopicOptions graceful = TopicOptions.builder()
                .presence()
                .joinLeave()
                .leaveGrace(Duration.ofSeconds(60))
                .build();
        try (CentrifugeFixture patient = new CentrifugeFixture(
                        manager -> manager.topicConfigurer(topic -> graceful), protocol -> protocol);
                CentrifugePeer bob = CentrifugePeer.connect(patient.server, "bob")) {
            join(bob, "room", "bob");
            String member;
            try (CentrifugePeer old = CentrifugePeer.connect(patient.server, "ann")) {
                join(old, "room", "ann");
                member = info("ann", old.id());
                bob.await(event("room", "join", member));
            }
            Await.until("one client", () -> patient.tank.getClientCount() == 1);
            try (CentrifugePeer again = CentrifugePeer.connect(patient.server, "ann")) {
                again.send(
                        "{\"subscribe\":{\"channel\":\"room\"},\"id\":2}",
                        "{\"unsubscribe\":{\"channel\":\"room\"},\"id\":3}");
                again.await("{\"id\":2,\"subscribe\":{}}", "{\"id\":3,\"unsubscribe\":{}}");
                bob.await(event("room", "leave", member));
            }
        }
    }

    @Test
    void protobufClientsReceiveJoins() {
        try (CentrifugePeer peer = CentrifugePeer.openProtobuf(fixture.server)) {
            peer.sendHex("04 08 01 22 00");
            peer.awaitHex();
            // subscribe "room-p" with field 11, join_leave
            peer.sendHex("0e 08 02 2a 0a 0a 06 72 6f 6f 6d 2d 70 58 01");
            assertEquals("04 08 02 32 00", peer.awaitHex());
            // push: channel "room-p", field 5 join, field 1 info, field 1 user "guest"
            String join = peer.awaitHex();
            assertTrue(join.matches(".. 22 .. 12 06 72 6f 6f 6d 2d 70 2a .. 0a .. 0a 05 67 75 65 73 74 12 .*"), join);
        }
    }
}
