package io.tankws.it.compat;

import static io.tankws.it.compat.CentrifugeFixture.assertClosed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Payload;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the Centrifuge protocol on topics. */
class CentrifugeTopicsTest {
    private static CentrifugeFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new CentrifugeFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static void publish(String topic, int from, int to) {
        for (int i = from; i <= to; i++) {
            fixture.tank
                    .publish(topic, Payload.json(Integer.toString(i)))
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void aPublicationReachesItsSubscribersWithItsPublisher() {
        try (CentrifugePeer ann = CentrifugePeer.connect(fixture.server, "ann");
                CentrifugePeer bob = CentrifugePeer.connect(fixture.server, "bob")) {
            String epoch = ann.subscribe(2, "tea");
            assertEquals(epoch, bob.subscribe(2, "tea"));
            ann.send("{\"publish\":{\"channel\":\"tea\",\"data\":{\"b\":1, \"a\":9007199254740993}},\"id\":3}");
            String push = "{\"push\":{\"channel\":\"tea\",\"pub\":{\"data\":{\"b\":1, \"a\":9007199254740993},"
                    + "\"info\":{\"user\":\"ann\",\"client\":\"" + ann.id() + "\"},\"offset\":1,\"epoch\":\"" + epoch
                    + "\"}}}";
            ann.await(push, "{\"id\":3,\"publish\":{}}");
            bob.await(push);
            fixture.tank.broadcastTopicMessage("tea", "a \"text\"");
            bob.await("{\"push\":{\"channel\":\"tea\",\"pub\":{\"data\":\"a \\\"text\\\"\",\"offset\":2}}}");
        }
    }

    @Test
    void plainAndCentrifugeClientsShareATopicInOneOrder() {
        try (CentrifugePeer centrifuge = CentrifugePeer.connect(fixture.server, "ann");
                CentrifugePeer protobuf = CentrifugePeer.openProtobuf(fixture.server);
                TestClient plain = TestClient.connect(fixture.server, "/ws?user_id=bob")) {
            plain.awaitText();
            plain.sendText("sub:mixed");
            protobuf.sendHex("04 08 01 22 00");
            protobuf.awaitHex();
            // subscribe "mixed"
            protobuf.sendHex("0b 08 02 2a 07 0a 05 6d 69 78 65 64");
            protobuf.awaitHex();
            centrifuge.subscribe(2, "mixed");
            Await.until("three subscribers", () -> fixture.tank.getTopicSubscriberCount("mixed") == 3);
            for (int i = 2; i <= 20; i++) {
                if (i % 2 == 0) {
                    centrifuge.send("{\"publish\":{\"channel\":\"mixed\",\"data\":" + i + "},\"id\":" + (i + 1) + "}");
                } else {
                    fixture.tank.broadcastTopicMessage("mixed", Integer.toString(i));
                }
                // The publication comes first for even numbers, and the reply follows it.
                String push = centrifuge.await();
                String data = i % 2 == 0 ? Integer.toString(i) : "\"" + i + "\"";
                assertTrue(push.startsWith("{\"push\":{\"channel\":\"mixed\",\"pub\":{\"data\":" + data), push);
                assertTrue(push.contains("\"offset\":" + (i - 1)), push);
                if (i % 2 == 0) {
                    centrifuge.await("{\"id\":" + (i + 1) + ",\"publish\":{}}");
                }
                plain.awaitText("{\"topic\":\"mixed\",\"data\":\"" + i + "\"}");
                assertTrue(protobuf.awaitHex().contains("12 05 6d 69 78 65 64"));
            }
        }
    }

    @Test
    void aClientRecoversExactlyWhatItMissed() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            String epoch = peer.subscribe(2, "recover");
            peer.send("{\"unsubscribe\":{\"channel\":\"recover\"},\"id\":3}");
            peer.await("{\"id\":3,\"unsubscribe\":{}}");
            publish("recover", 1, 3);
            // Nothing, one and two publications are missed, and the position is that of the request.
            String start = "{\"id\":4,\"subscribe\":{\"recoverable\":true,\"epoch\":\"" + epoch + "\",";
            resubscribe(peer, "recover", 3, epoch);
            peer.await(start + "\"recovered\":true,\"offset\":3,\"positioned\":true,\"was_recovering\":true}}");
            resubscribe(peer, "recover", 2, "");
            peer.await(start + "\"publications\":[{\"data\":3,\"offset\":3}],\"recovered\":true,\"offset\":2,"
                    + "\"positioned\":true,\"was_recovering\":true}}");
            resubscribe(peer, "recover", 1, epoch);
            peer.await(start + "\"publications\":[{\"data\":2,\"offset\":2},{\"data\":3,\"offset\":3}],"
                    + "\"recovered\":true,\"offset\":1,\"positioned\":true,\"was_recovering\":true}}");
            publish("recover", 4, 4);
            peer.await("{\"push\":{\"channel\":\"recover\",\"pub\":{\"data\":4,\"offset\":4}}}");
        }
    }

    /** Subscribes from a position, after it has ended a subscription. */
    private static void resubscribe(CentrifugePeer peer, String topic, long offset, String epoch) {
        peer.send("{\"unsubscribe\":{\"channel\":\"" + topic + "\"},\"id\":3}");
        peer.await("{\"id\":3,\"unsubscribe\":{}}");
        peer.send("{\"subscribe\":{\"channel\":\"" + topic + "\",\"recover\":true,\"offset\":"
                + Long.toUnsignedString(offset) + ",\"epoch\":\"" + epoch + "\"},\"id\":4}");
    }

    @Test
    void aClientThatCannotRecoverGetsNoPartOfWhatItMissed() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            String epoch = peer.subscribe(2, "small");
            publish("small", 1, 5);
            for (int i = 1; i <= 5; i++) {
                peer.await();
            }
            String unrecovered = "{\"id\":4,\"subscribe\":{\"recoverable\":true,\"epoch\":\"" + epoch
                    + "\",\"offset\":5,\"positioned\":true,\"was_recovering\":true}}";
            resubscribe(peer, "small", 2, epoch);
            peer.await(unrecovered);
            resubscribe(peer, "small", 5, "other");
            peer.await(unrecovered);
            resubscribe(peer, "small", 6, epoch);
            peer.await(unrecovered);
            resubscribe(peer, "small", -1, epoch);
            peer.await(unrecovered);
            resubscribe(peer, "small", 5, "x".repeat(100));
            peer.await(unrecovered);
            // Exactly the history is missed.
            resubscribe(peer, "small", 3, epoch);
            assertTrue(peer.await().contains("\"recovered\":true"));
            peer.send(
                    "{\"unsubscribe\":{\"channel\":\"small\"},\"id\":3}",
                    "{\"subscribe\":{\"channel\":\"small\",\"recover\":true,\"offset\":1,\"flag\":2},\"id\":4}");
            peer.await(
                    "{\"id\":3,\"unsubscribe\":{}}",
                    "{\"id\":4,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}");
        }
    }

    @Test
    void publicationsDuringARecoveryAreNeitherLostNorRepeated() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread publisher = new Thread(() -> {
            for (int i = 1; !done.get(); i++) {
                publish("storm", i, i);
                Thread.yield();
            }
        });
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            String epoch = peer.subscribe(2, "storm");
            long last = 0;
            publisher.start();
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < 3; i++) {
                    last = next(last, peer.await());
                }
                peer.send("{\"unsubscribe\":{\"channel\":\"storm\"},\"id\":3}");
                for (String reply = peer.await(); !reply.startsWith("{\"id\":3"); reply = peer.await()) {
                    last = next(last, reply);
                }
                peer.send("{\"subscribe\":{\"channel\":\"storm\",\"recover\":true,\"offset\":" + last + ",\"epoch\":\""
                        + epoch + "\"},\"id\":4}");
                String reply = peer.await();
                assertTrue(reply.startsWith("{\"id\":4"), reply);
                if (!reply.contains("\"recovered\":true")) {
                    // The publisher was faster than the history is long.
                    last = Long.parseLong(reply.replaceAll(".*\"offset\":(\\d+).*", "$1"));
                    continue;
                }
                for (String publication : reply.split("\\{\"data\":")) {
                    if (publication.contains("\"offset\"") && !publication.startsWith("{\"id\"")) {
                        last = next(last, publication);
                    }
                }
            }
        } finally {
            done.set(true);
            publisher.join();
        }
    }

    private static long next(long last, String publication) {
        long offset = Long.parseLong(publication.replaceAll("^.*?\"offset\":(\\d+).*", "$1"));
        assertEquals(last + 1, offset, publication);
        return offset;
    }

    @Test
    void historyIsReadInPages() {
        publish("log", 1, 5);
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            String epoch = peer.subscribe(2, "log");
            String end = "],\"epoch\":\"" + epoch + "\",\"offset\":5}}";
            history(peer, "", "{\"id\":3,\"history\":{\"publications\":[" + end);
            history(peer, ",\"limit\":0,\"since\":{\"offset\":2}", "{\"id\":3,\"history\":{\"publications\":[" + end);
            history(
                    peer,
                    ",\"limit\":2",
                    "{\"id\":3,\"history\":{\"publications\":[{\"data\":1,\"offset\":1,\"epoch\":\"" + epoch
                            + "\"},{\"data\":2,\"offset\":2}" + end);
            history(
                    peer,
                    ",\"limit\":-1,\"since\":{\"offset\":3,\"epoch\":\"" + epoch + "\"}",
                    "{\"id\":3,\"history\":{\"publications\":[{\"data\":4,\"offset\":4},{\"data\":5,\"offset\":5}"
                            + end);
            history(
                    peer,
                    ",\"limit\":1,\"reverse\":true",
                    "{\"id\":3,\"history\":{\"publications\":[{\"data\":5,\"offset\":5}" + end);
            history(
                    peer,
                    ",\"limit\":1,\"reverse\":true,\"since\":{\"offset\":4}",
                    "{\"id\":3,\"history\":{\"publications\":[{\"data\":3,\"offset\":3}" + end);
            history(
                    peer,
                    ",\"reverse\":true,\"since\":{}",
                    "{\"id\":3,\"error\":{\"code\":107,\"message\":\"bad request\"}}");
            String unknown = "{\"id\":3,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}";
            history(peer, ",\"since\":{\"offset\":2,\"epoch\":\"other\"}", unknown);
            history(peer, ",\"since\":{\"offset\":18446744073709551615}", unknown);
            peer.send("{\"history\":{\"channel\":\"plain\"},\"id\":3}");
            peer.await("{\"id\":3,\"error\":{\"code\":108,\"message\":\"not available\"}}");
        }
    }

    private static void history(CentrifugePeer peer, String options, String reply) {
        peer.send("{\"history\":{\"channel\":\"log\"" + options + "},\"id\":3}");
        peer.await(reply);
    }

    @Test
    void aSecondSubscriptionIsAnError() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            peer.send(
                    "{\"subscribe\":{\"channel\":\"plain\"},\"id\":2}",
                    "{\"subscribe\":{\"channel\":\"plain\"},\"id\":3}");
            peer.await(
                    "{\"id\":2,\"subscribe\":{}}",
                    "{\"id\":3,\"error\":{\"code\":105,\"message\":\"already subscribed\"}}");
            peer.send(
                    "{\"unsubscribe\":{\"channel\":\"plain\"},\"id\":4}",
                    "{\"unsubscribe\":{\"channel\":\"never\"},\"id\":5}",
                    "{\"subscribe\":{\"channel\":\"plain\"},\"id\":6}");
            peer.await("{\"id\":4,\"unsubscribe\":{}}", "{\"id\":5,\"unsubscribe\":{}}", "{\"id\":6,\"subscribe\":{}}");
        }
    }

    @Test
    void topicsAreLimited() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            for (int i = 0; i < 128; i++) {
                peer.send("{\"subscribe\":{\"channel\":\"plain" + i + "\"},\"id\":2}");
                peer.await("{\"id\":2,\"subscribe\":{}}");
            }
            peer.send("{\"subscribe\":{\"channel\":\"plain128\"},\"id\":3}");
            peer.await("{\"id\":3,\"error\":{\"code\":106,\"message\":\"limit exceeded\"}}");
            peer.send(
                    "{\"unsubscribe\":{\"channel\":\"plain0\"},\"id\":4}",
                    // 255 bytes, then 256.
                    "{\"subscribe\":{\"channel\":\"plain" + "\u00e9".repeat(125) + "\"},\"id\":5}",
                    "{\"unsubscribe\":{\"channel\":\"plain" + "\u00e9".repeat(125) + "\"},\"id\":6}",
                    "{\"subscribe\":{\"channel\":\"plain" + "\u00e9".repeat(125) + "x\"},\"id\":7}");
            peer.await(
                    "{\"id\":4,\"unsubscribe\":{}}",
                    "{\"id\":5,\"subscribe\":{}}",
                    "{\"id\":6,\"unsubscribe\":{}}",
                    "{\"id\":7,\"error\":{\"code\":107,\"message\":\"bad request\"}}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":2,\"subscribe\":{\"channel\":\"x\",\"type\":1}}",
                "{\"id\":2,\"publish\":{\"channel\":\"x\",\"data\":1,\"type\":1}}",
                "{\"id\":2,\"presence\":{\"channel\":\"x\"}}",
                "{\"id\":2,\"presence_stats\":{\"channel\":\"x\"}}",
                "{\"id\":2,\"sub_refresh\":{\"channel\":\"x\",\"token\":\"t\",\"type\":4}}",
            })
    void featuresThatAreNotOfferedAreErrors(String command) {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            peer.send(command);
            peer.await("{\"id\":2,\"error\":{\"code\":108,\"message\":\"not available\"}}");
        }
    }

    @Test
    void optionalFeaturesOfASubscriptionAreDeclined() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            peer.send("{\"id\":2,\"subscribe\":{\"channel\":\"plain\",\"delta\":\"fossil\",\"flag\":1,"
                    + "\"positioned\":true,\"recoverable\":true,\"join_leave\":true}}");
            peer.await("{\"id\":2,\"subscribe\":{}}");
            peer.send("{\"id\":3,\"subscribe\":{\"channel\":\"plain2\",\"tf\":{\"key\":\"k\",\"cmp\":\"ex\"}}}");
            peer.await("{\"id\":3,\"error\":{\"code\":107,\"message\":\"bad request\"}}");
            peer.send("{\"id\":4,\"publish\":{\"channel\":\"plain\"}}");
            peer.await("{\"id\":4,\"error\":{\"code\":107,\"message\":\"bad request\"}}");
            peer.send("{\"id\":5,\"sub_refresh\":{\"channel\":\"plain\"}}");
            peer.await("{\"id\":5,\"error\":{\"code\":107,\"message\":\"bad request\"}}");
            peer.send("{\"id\":6,\"sub_refresh\":{\"channel\":\"never\",\"token\":\"t\"}}");
            peer.await("{\"id\":6,\"error\":{\"code\":103,\"message\":\"permission denied\"}}");
        }
    }

    @Test
    void methodsOfTheApplicationAreCalled() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            peer.send("{\"rpc\":{\"method\":\"echo\",\"data\":{ \"a\":[1,null]}},\"id\":2}");
            peer.await("{\"id\":2,\"rpc\":{\"data\":{ \"a\":[1,null]}}}");
            peer.send("{\"rpc\":{\"method\":\"echo\"},\"id\":3}");
            peer.await("{\"id\":3,\"rpc\":{\"data\":null}}");
            peer.send("{\"rpc\":{\"method\":\"nope\",\"data\":{}},\"id\":4}");
            peer.await("{\"id\":4,\"error\":{\"code\":104,\"message\":\"method not found\"}}");
            peer.send("{\"rpc\":{\"method\":\"fail\",\"data\":{}},\"id\":5}");
            peer.await("{\"id\":5,\"error\":{\"code\":500,\"message\":\"out of tea\"}}");
            peer.send("{\"rpc\":{\"method\":\"throw\",\"data\":{}},\"id\":6}");
            peer.await("{\"id\":6,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}");
            peer.send("{\"send\":{\"data\":1}}");
            assertClosed(3508, "not available", peer);
        }
    }

    @Test
    void messagesReachTheHandlerAndTheClient() {
        try (CentrifugeFixture handling = new CentrifugeFixture(
                        manager -> manager.messageHandler((client, message) -> client.send("got " + message.size())),
                        protocol -> protocol);
                CentrifugePeer peer = CentrifugePeer.connect(handling.server, "ann")) {
            peer.send("{\"send\":{\"data\":[1]}}");
            peer.await("{\"push\":{\"message\":{\"data\":\"got 3\"}}}");
        }
    }

    @Test
    void theAuthorizerDecidesOnEachAction() {
        TopicAuthorizer authorizer =
                TopicAuthorizer.of(request -> request.topic().equals("secret")
                        ? TopicDecision.denied("no")
                        : TopicDecision.allowed().withData(Payload.json("\"welcome\"")));
        try (CentrifugeFixture guarded =
                        new CentrifugeFixture(manager -> manager.topicAuthorizer(authorizer), protocol -> protocol);
                CentrifugePeer peer = CentrifugePeer.connect(guarded.server, "ann")) {
            String denied = ",\"error\":{\"code\":103,\"message\":\"permission denied\"}}";
            peer.send(
                    "{\"subscribe\":{\"channel\":\"secret\"},\"id\":2}",
                    "{\"publish\":{\"channel\":\"secret\",\"data\":1},\"id\":3}",
                    "{\"history\":{\"channel\":\"secret\"},\"id\":4}",
                    "{\"subscribe\":{\"channel\":\"plain\"},\"id\":5}");
            peer.await(
                    "{\"id\":2" + denied,
                    "{\"id\":3" + denied,
                    "{\"id\":4" + denied,
                    "{\"id\":5,\"subscribe\":{\"data\":\"welcome\"}}");
        }
    }

    @Test
    void subscriptionsWithATokenAreExtended() {
        TopicAuthorizer authorizer = TopicAuthorizer.of(request -> request.token()
                .map(token -> (TopicDecision)
                        TopicDecision.allowed().withExpiry(Instant.now().plus(Duration.parse(token))))
                .orElse(TopicDecision.denied("no token")));
        try (CentrifugeFixture guarded = new CentrifugeFixture(
                        manager -> manager.topicAuthorizer(authorizer),
                        protocol -> protocol.expiryGrace(Duration.ofMillis(10)));
                CentrifugePeer peer = CentrifugePeer.connect(guarded.server, "ann")) {
            peer.send("{\"subscribe\":{\"channel\":\"plain\",\"token\":\"PT100S\"},\"id\":2}");
            String reply = peer.await();
            assertTrue(reply.matches("\\{\"id\":2,\"subscribe\":\\{\"expires\":true,\"ttl\":(99|100)}}"), reply);
            peer.send("{\"sub_refresh\":{\"channel\":\"plain\",\"token\":\"PT0.1S\"},\"id\":3}");
            peer.await("{\"id\":3,\"sub_refresh\":{\"expires\":true,\"ttl\":1}}");
            peer.await("{\"push\":{\"channel\":\"plain\",\"unsubscribe\":{\"code\":2501,"
                    + "\"reason\":\"subscription expired\"}}}");
            assertEquals(0, guarded.tank.getTopicSubscriberCount("plain"));
        }
    }

    @Test
    void theServerEndsSubscriptions() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "kim")) {
            peer.send("{\"subscribe\":{\"channel\":\"plain\"},\"id\":2}");
            peer.await("{\"id\":2,\"subscribe\":{}}");
            fixture.tank.unsubscribeUser("kim", "plain");
            peer.await("{\"push\":{\"channel\":\"plain\",\"unsubscribe\":{\"code\":2000,"
                    + "\"reason\":\"server unsubscribe\"}}}");
        }
    }

    @Test
    void aMessageAboveTheLimitEndsTheConnection() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            int max = fixture.tank.clientLimits().maxMessageBytes();
            peer.send("{\"rpc\":{\"method\":\"echo\",\"data\":\"" + "x".repeat(max) + "\"},\"id\":2}");
            assertEquals(1009, peer.awaitClose().code());
        }
    }
}
