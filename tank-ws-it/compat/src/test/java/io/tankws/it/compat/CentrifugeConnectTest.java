package io.tankws.it.compat;

import static io.tankws.it.compat.CentrifugeFixture.assertClosed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.CloseStatus;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.Payload;
import io.tankws.Refusal;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.protocol.centrifuge.ConnectDecision;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients of the Centrifuge protocol connect, and for what they are disconnected. */
class CentrifugeConnectTest {
    private static CentrifugeFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new CentrifugeFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void onlyAnOfferedSubprotocolIsAnswered() {
        try (TestClient none = TestClient.connect(fixture.server, CentrifugePeer.PATH);
                TestClient protobuf = offering("centrifuge-protobuf");
                TestClient json = offering("centrifuge-json");
                TestClient both = offering("other, centrifuge-json, centrifuge-protobuf")) {
            assertEquals(Optional.empty(), none.subprotocol());
            assertEquals(Optional.of("centrifuge-protobuf"), protobuf.subprotocol());
            assertEquals(Optional.of("centrifuge-json"), json.subprotocol());
            assertEquals(Optional.of("centrifuge-protobuf"), both.subprotocol());
        }
    }

    private static TestClient offering(String subprotocols) {
        return TestClient.to(fixture.server, CentrifugePeer.PATH)
                .header("Sec-WebSocket-Protocol", subprotocols)
                .connect();
    }

    @Test
    void commandsInOneMessageAreAnsweredInOrder() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            peer.send(
                    "{\"connect\":{\"token\":\"ann\",\"name\":\"js\"},\"id\":1}",
                    "{\"subscribe\":{\"channel\":\"plain1\"},\"id\":2}",
                    "{\"subscribe\":{\"channel\":\"plain2\"},\"id\":3}",
                    "{\"subscribe\":{\"channel\":\"plain3\"},\"id\":4}");
            assertEquals(
                    "{\"id\":1,\"connect\":{\"client\":\"ID\",\"version\":\"tank-ws\",\"ping\":25,\"pong\":true}}",
                    peer.awaitConnected().replace(peer.id(), "ID"));
            peer.await("{\"id\":2,\"subscribe\":{}}", "{\"id\":3,\"subscribe\":{}}", "{\"id\":4,\"subscribe\":{}}");
            assertEquals(1, fixture.tank.getTopicSubscriberCount("plain3"));
            assertEquals("ann", fixture.tank.client(peer.id()).orElseThrow().userId());
        }
    }

    @Test
    void commandsWaitForAnAuthenticatorThatAnswersLater() {
        CompletableFuture<ConnectDecision> decision = new CompletableFuture<>();
        try (CentrifugeFixture slow = new CentrifugeFixture(
                        manager -> manager, protocol -> protocol.connectAuthenticator(a -> decision));
                CentrifugePeer peer = CentrifugePeer.open(slow.server)) {
            peer.send("{\"connect\":{},\"id\":1}", "{\"subscribe\":{\"channel\":\"plain\"},\"id\":2}");
            peer.send("{\"rpc\":{\"method\":\"echo\",\"data\":[1]},\"id\":3}");
            assertEquals(0, peer.wire().unread());
            decision.complete(ConnectDecision.accepted(new Identity("ann")));
            peer.awaitConnected();
            peer.await("{\"id\":2,\"subscribe\":{}}", "{\"id\":3,\"rpc\":{\"data\":[1]}}");
        }
    }

    @Test
    void aClientThatDoesNotConnectIsStale() {
        try (CentrifugeFixture impatient = new CentrifugeFixture(
                        manager -> manager.limits(CentrifugeFixture.limits()
                                .loginTimeout(Duration.ofMillis(1))
                                .build()),
                        protocol -> protocol);
                CentrifugePeer peer = CentrifugePeer.open(impatient.server)) {
            assertClosed(3502, "stale", peer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"subscribe\":{\"channel\":\"news\"},\"id\":1}",
                "{\"send\":{\"data\":1}}",
                "{}",
                "{\"connect\":{}}",
                "no JSON",
                "{\"id\":1}",
                "{\"id\":1,\"ping\":{}}",
            })
    void nothingPrecedesAConnectRequest(String command) {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            peer.send(command);
            assertClosed(3501, "bad request", peer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"connect\":{},\"id\":2}",
                "{}",
                "{\"rpc\":{\"method\":\"echo\"}}",
                "{\"id\":2}",
                "{\"id\":2,\"unknown\":{}}",
                "{\"id\":2,\"ping\":{}}",
                "[]",
                "",
                "\n",
                "{\"id\":\"2\"}",
                "{\"subscribe\":{},\"id\":2}",
                "{\"subscribe\":{\"channel\":\"news\",\"delta\":\"other\"},\"id\":2}",
                "{\"unsubscribe\":{},\"id\":2}",
                "{\"publish\":{\"data\":1},\"id\":2}",
                "{\"history\":{},\"id\":2}",
                "{\"presence\":{},\"id\":2}",
                "{\"presence_stats\":{},\"id\":2}",
                "{\"sub_refresh\":{\"token\":\"t\"},\"id\":2}",
                "{\"refresh\":{},\"id\":2}",
                "{\"refresh\":{\"token\":\"ann\"},\"id\":2}",
            })
    void aCommandThatViolatesTheProtocolEndsTheConnection(String command) {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            peer.send(command);
            assertClosed(3501, "bad request", peer);
        }
    }

    @Test
    void commandsBeforeAViolationAreAnswered() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann")) {
            peer.send(
                    "{\"rpc\":{\"method\":\"echo\",\"data\":1},\"id\":2}",
                    "x",
                    "{\"rpc\":{\"method\":\"echo\"},\"id\":3}");
            peer.await("{\"id\":2,\"rpc\":{\"data\":1}}");
            assertClosed(3501, "bad request", peer);
            assertEquals(0, peer.wire().unread());
        }
    }

    @Test
    void anErrorAsTheReplyToConnectMakesTheConnectionUnusable() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            peer.send("{\"connect\":{\"token\":\"ann:expired\"},\"id\":1}");
            peer.await("{\"id\":1,\"error\":{\"code\":109,\"message\":\"token expired\"}}");
            peer.send("{\"connect\":{\"token\":\"ann\"},\"id\":2}");
            assertClosed(3501, "bad request", peer);
        }
    }

    @Test
    void aFailureOfTheAuthenticatorIsATemporaryError() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            peer.send("{\"connect\":{\"token\":\"ann:throw\"},\"id\":1}");
            peer.await("{\"id\":1,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}");
        }
    }

    @Test
    void aWrongTokenEndsTheConnectionForGood() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            peer.send("{\"connect\":{\"token\":\"ann:invalid\"},\"id\":1}");
            assertClosed(3500, "invalid token", peer);
        }
    }

    @Test
    void anIdentityThatHasExpiredIsAnError() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            peer.send("{\"connect\":{\"token\":\"ann:-PT1S\"},\"id\":1}");
            peer.await("{\"id\":1,\"error\":{\"code\":110,\"message\":\"expired\"}}");
        }
    }

    @Test
    void tokensAreRefreshed() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            peer.send("{\"connect\":{\"token\":\"ann:PT100S\"},\"id\":1}");
            assertTrue(peer.awaitConnected().matches(".*\"expires\":true,\"ttl\":(99|100),.*"));
            peer.send("{\"refresh\":{\"token\":\"ann:PT200S\"},\"id\":2}");
            String reply = peer.await();
            assertTrue(
                    reply.matches("\\{\"id\":2,\"refresh\":\\{\"client\":\"" + peer.id()
                            + "\",\"version\":\"tank-ws\",\"expires\":true,\"ttl\":(199|200)}}"),
                    reply);
            peer.send("{\"refresh\":{\"token\":\"ann\"},\"id\":3}");
            peer.await("{\"id\":3,\"refresh\":{\"client\":\"" + peer.id() + "\",\"version\":\"tank-ws\"}}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "ann:invalid"})
    void aTokenOfAnotherUserIsInvalid(String token) {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann:PT100S")) {
            peer.send("{\"refresh\":{\"token\":\"" + token + "\"},\"id\":2}");
            assertClosed(3500, "invalid token", peer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann:-PT1S", "ann:expired"})
    void anExpiredTokenEndsTheConnection(String token) {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann:PT100S")) {
            peer.send("{\"refresh\":{\"token\":\"" + token + "\"},\"id\":2}");
            assertClosed(3005, "connection expired", peer);
        }
    }

    @Test
    void aConnectionWithoutARefreshEndsAfterItsGrace() {
        try (CentrifugeFixture strict = new CentrifugeFixture(
                        manager -> manager, protocol -> protocol.expiryGrace(Duration.ofMillis(10)));
                CentrifugePeer peer = CentrifugePeer.connect(strict.server, "ann:PT0.2S")) {
            assertClosed(3005, "connection expired", peer);
        }
    }

    private static CentrifugeFixture pinging(Duration interval, Duration pongTimeout) {
        return new CentrifugeFixture(
                manager -> manager, protocol -> protocol.pingInterval(interval).pongTimeout(pongTimeout));
    }

    @Test
    void pingsWantOnePong() {
        // The first ping comes after half of the interval. The pong has as much time as the interval allows.
        try (CentrifugeFixture lively = pinging(Duration.ofSeconds(3), Duration.ofMillis(2900));
                CentrifugePeer peer = CentrifugePeer.connect(lively.server, "ann")) {
            peer.await("{}");
            peer.send("{}");
            peer.send("{\"rpc\":{\"method\":\"echo\",\"data\":1},\"id\":2}");
            peer.await("{\"id\":2,\"rpc\":{\"data\":1}}");
            peer.send("{}");
            assertClosed(3501, "bad request", peer);
        }
    }

    @Test
    void aClientWithoutAPongIsDisconnected() {
        try (CentrifugeFixture lively = pinging(Duration.ofSeconds(1), Duration.ofMillis(500));
                CentrifugePeer silent = CentrifugePeer.connect(lively.server, "bob")) {
            silent.await("{}");
            assertClosed(3012, "no pong", silent);
        }
    }

    @Test
    void protobufClientsConnect() {
        try (CentrifugePeer peer = CentrifugePeer.openProtobuf(fixture.server)) {
            peer.sendHex("0a 08 01 22 06 22 04 6a 61 76 61");
            String reply = peer.awaitHex();
            assertTrue(reply.contains("08 01 2a"), reply);
            // A subscription to "plain", and its empty result.
            peer.sendHex("0b 08 02 2a 07 0a 05 70 6c 61 69 6e");
            assertEquals("04 08 02 32 00", peer.awaitHex());
        }
    }

    @Test
    void aHugeLengthIsRefused() {
        try (CentrifugePeer peer = CentrifugePeer.openProtobuf(fixture.server)) {
            peer.sendHex("80 80 80 80 10");
            assertClosed(3501, "bad request", peer);
        }
    }

    @Test
    void theServersReasonsHaveCodesOfTheProtocol() {
        CentrifugeFixture ending = new CentrifugeFixture();
        try (CentrifugePeer normal = CentrifugePeer.connect(ending.server, "ann");
                CentrifugePeer custom = CentrifugePeer.connect(ending.server, "bob");
                CentrifugePeer json = CentrifugePeer.connect(ending.server, "eve");
                CentrifugePeer last = CentrifugePeer.connect(ending.server, "fay")) {
            ending.tank.closeClient("ann");
            assertClosed(3503, "force disconnect", normal);
            ending.tank.closeClient("bob", new CloseStatus(4100, "try elsewhere"));
            assertClosed(4100, "try elsewhere", custom);
            ending.tank.closeClient("eve", new CloseStatus(4100, "true"));
            assertClosed(4100, "reason: true", json);
            ending.close();
            assertClosed(3001, "shutdown", last);
        } finally {
            ending.close();
        }
    }

    @Test
    void theServerSubscribesAClientAfterItsReply() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, "ann:topics")) {
            String push = peer.await();
            String epoch = CentrifugePeer.epochOf(push);
            assertTrue(push.startsWith("{\"push\":{\"channel\":\"own\",\"subscribe\":{\"recoverable\":true,"), push);
            fixture.tank.publish("own", Payload.json("1"));
            assertTrue(peer.await().startsWith("{\"push\":{\"channel\":\"own\",\"pub\":{\"data\":1,"));
            fixture.tank.publish("own", Payload.json("2"));
            peer.await();
            try (CentrifugePeer back = CentrifugePeer.open(fixture.server)) {
                back.send("{\"connect\":{\"token\":\"ann:topics\",\"subs\":{\"own\":{\"recover\":true,\"offset\":1,"
                        + "\"epoch\":\"" + epoch + "\"}}},\"id\":1}");
                back.awaitConnected();
                back.await(
                        "{\"push\":{\"channel\":\"own\",\"subscribe\":{\"recoverable\":true,\"epoch\":\"" + epoch
                                + "\",\"offset\":1,\"positioned\":true}}}",
                        "{\"push\":{\"channel\":\"own\",\"pub\":{\"data\":2,\"offset\":2}}}");
            }
        }
    }

    @Test
    void theProtocolIsFoundByItsNameAndAsksTheAuthenticatorOfTheManager() {
        Manager tank = TankWs.builder()
                .authenticator(Authenticator.of(request -> request.queryParameter("key")
                        .map(key -> Authentication.accepted(new Identity(key)))
                        .orElse(Authentication.refused(Refusal.unauthorized()))))
                .build();
        tank.start();
        try (WebSocketServer server = TankWs.serve("in-memory")
                        .port(0)
                        .handle("/c", tank.endpoint("centrifuge"))
                        .start();
                TestClient refused = TestClient.connect(server, "/c");
                TestClient accepted = TestClient.connect(server, "/c?key=ann")) {
            refused.sendText("{\"connect\":{},\"id\":1}");
            assertEquals(new CloseStatus(3500, "invalid token"), refused.awaitClose());
            accepted.sendText("{\"connect\":{},\"id\":1}");
            assertTrue(accepted.awaitText().startsWith("{\"id\":1,\"connect\":{\"client\":"));
            assertEquals("ann", tank.clients().get(0).userId());
        } finally {
            tank.close();
        }
    }

    @Test
    void onlyConnectedClientsAreInTheListOfClients() {
        try (CentrifugeFixture own = new CentrifugeFixture();
                CentrifugePeer peer = CentrifugePeer.open(own.server)) {
            assertEquals(0, own.tank.getClientCount());
            peer.send("{\"connect\":{\"token\":\"zoe\"},\"id\":1}");
            peer.awaitConnected();
            assertEquals(1, own.tank.getClientCount());
            assertEquals("zoe", own.tank.clients().get(0).userId());
        }
    }
}
