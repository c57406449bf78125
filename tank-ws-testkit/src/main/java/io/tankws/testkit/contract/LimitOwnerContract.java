package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.ServerLimits;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Limits of servers, managers, clients and identities that contradict each other are refused, not ignored. */
@SuppressWarnings("NullAway") // a null fails the test
abstract class LimitOwnerContract extends ContractTestBase {
    LimitOwnerContract(ContractFixture fixture) {
        super(fixture);
    }

    private WebSocketServer.Builder server(ServerLimits limits) {
        return fixture().server().port(0).limits(limits);
    }

    private static void assertMentions(RuntimeException e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> part + " in: " + e.getMessage());
        }
    }

    @Test
    void aServerThatCallsNoHandlerRefusesEachLimitOfCalls() {
        Map<String, Consumer<ServerLimits.Builder>> changes = Map.of(
                "authenticationTimeout", limits -> limits.authenticationTimeout(Duration.ofSeconds(7)),
                "pendingHandshakes", limits -> limits.pendingHandshakes(7),
                "callbackThreads", limits -> limits.callbackThreads(7),
                "maxAbandonedCalls", limits -> limits.maxAbandonedCalls(7));
        Manager manager = start();
        changes.forEach((limit, change) -> {
            WebSocketServer.Builder server = server(serverLimits(change)).handle("/ws", manager);
            assertMentions(
                    assertThrows(IllegalStateException.class, server::start, limit),
                    limit,
                    "7",
                    "/ws",
                    "Manager.Builder.limits");
        });
    }

    @Test
    void twoValuesOfOneLimitAreRefusedAndOneValueIsNot() {
        Manager manager = start(settings ->
                settings.limits(managerLimits(limits -> limits.authenticationTimeout(Duration.ofSeconds(20)))));
        ServerLimits other = serverLimits(limits -> limits.authenticationTimeout(Duration.ofSeconds(1)));
        assertMentions(
                assertThrows(IllegalStateException.class, server(other).handle("/ws", manager)::start),
                "PT20S",
                "PT1S");
        ServerLimits same = serverLimits(limits -> limits.authenticationTimeout(Duration.ofSeconds(20)));
        connect(manager, closing(server(same).handle("/ws", manager).start()), "ann");
    }

    @Test
    void aRunningServerRefusesAPathAndKeepsTheOthers() {
        Manager manager = start(settings -> settings.limits(managerLimits(limits -> limits.callbackThreads(7))));
        ServerLimits ofServer = serverLimits(limits -> limits.callbackThreads(7));
        WebSocketServer server = closing(server(ofServer).handle("/ws", manager).start());
        Manager other = start(settings -> settings.limits(managerLimits(limits -> limits.callbackThreads(5))));
        assertMentions(
                assertThrows(IllegalStateException.class, () -> server.handle("/other", other)),
                "callbackThreads",
                "/other",
                "5");
        assertThrows(IllegalStateException.class, () -> server.handle("/ws", other));
        assertEquals(404, TestClient.to(server, "/other").awaitReply().status());
        connect(manager, server, "ann");
    }

    @Test
    void aServerThatCallsAHandlerTakesLimitsOfCalls() {
        Manager manager = start();
        ServerLimits limits = serverLimits(builder -> builder.authenticationTimeout(Duration.ofSeconds(7)));
        WebSocketServer server = closing(server(limits)
                .handle("/ws", manager::handleConnection)
                .handle("/direct", manager)
                .start());
        connect(manager, server, "ann");
    }

    @Test
    void severalManagersWithTheirOwnLimitsShareAServer() {
        Manager small = start(settings -> settings.clientLimits(clientLimits(limits -> limits.maxMessageBytes(10))));
        Manager large = start(settings -> settings.clientLimits(clientLimits(limits -> limits.maxMessageBytes(1000))));
        WebSocketServer server = closing(server(serverLimits(limits -> limits.maxSockets(100)))
                .handle("/small", small)
                .handle("/large", large)
                .start());
        TestClient ann = closing(TestClient.connect(server, "/small?user_id=ann"));
        ann.sendText("x".repeat(11));
        assertEquals(1009, ann.awaitClose().code());
        TestClient bob = closing(TestClient.connect(server, "/large?user_id=bob"));
        TestClient carl = closing(TestClient.connect(server, "/large?user_id=carl"));
        find(large, "carl");
        bob.sendText("x".repeat(1000));
        assertEquals(1000, carl.awaitText().length());
    }

    private Manager withIdentity(
            ManagerLimits ofManager, ClientLimits ofClients, Consumer<ClientLimits.Builder> ofIdentity) {
        Identity identity = new Identity("vip").withLimits(clientLimits(ofIdentity));
        return start(settings -> settings.limits(ofManager)
                .clientLimits(ofClients)
                .authenticator(Authenticator.of(request -> request.queryParameter("user_id")
                        .filter("vip"::equals)
                        .map(user -> Authentication.accepted(identity))
                        .orElse(Authentication.accepted()))));
    }

    @Test
    void anIdentityInheritsTheLimitsThatItDoesNotSet() {
        Manager manager = withIdentity(
                ManagerLimits.defaults(),
                clientLimits(limits -> limits.maxMessageBytes(200).maxTopics(1)),
                limits -> limits.maxTopics(2));
        WebSocketServer server = serve(manager);
        TestClient vip = subscriber(manager, server, "vip", "a");
        vip.sendText("sub:b");
        Await.until("two topics", () -> manager.getTopicSubscriberCount("b") == 1);
        vip.sendText("x".repeat(201));
        assertEquals(1009, vip.awaitClose().code());
    }

    /** Only one connection is allowed, so that a permit which the refused handshake has not released fails the test. */
    private void assertContradicts(
            Consumer<ManagerLimits.Builder> ofManager,
            ClientLimits ofClients,
            Consumer<ClientLimits.Builder> ofIdentity,
            String... parts) {
        ManagerLimits limits = managerLimits(builder -> ofManager.accept(builder.maxConnections(1)));
        Manager manager = withIdentity(limits, ofClients, ofIdentity);
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        assertEquals(500, TestClient.to(server, "/ws?user_id=vip").awaitReply().status());
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.AUTHENTICATION_FAILED);
        assertMentions((RuntimeException) error.cause().orElseThrow(), parts);
        assertEquals(0, manager.getClientCount());
        connect(manager, server, "ann");
    }

    @Test
    void anIdentityCannotContradictItsManager() {
        ClientLimits defaults = ClientLimits.defaults();
        assertContradicts(limits -> {}, defaults, limits -> limits.maxTopicBytes(256), "maxTopicBytes", "255", "256");
        assertContradicts(
                limits -> {},
                clientLimits(limits -> limits.outboxBytes(400_000)),
                limits -> limits.maxMessageBytes(200_001),
                "maxMessageBytes",
                "200000",
                "200001");
        assertContradicts(
                limits -> {}, defaults, limits -> limits.outboxBytes(65_535), "outboxBytes", "65536", "65535");
        assertContradicts(
                limits -> limits.partialMessageBytes(100_000),
                defaults,
                limits -> limits.maxMessageBytes(100_001),
                "maxMessageBytes",
                "100000",
                "100001",
                "partialMessageBytes");
    }

    @Test
    void anIdentityWithASmallerOutboxIsNotDisconnectedByOneRead() {
        Manager manager = withIdentity(
                ManagerLimits.defaults(),
                clientLimits(limits -> limits.outboxAge(Duration.ofMinutes(10)).writeTimeout(Duration.ofMinutes(10))),
                limits -> limits.outboxMessages(16));
        WebSocketServer server = serve(manager);
        TestClient vip = connect(manager, server, "vip");
        TestClient ann = connect(manager, server, "ann");
        int count = 2000;
        for (int round = 0; round < count; round += 100) {
            int from = round;
            ann.sendTogether(() -> {
                for (int i = from; i < from + 100; i++) {
                    ann.sendText("m" + i);
                }
            });
        }
        for (int i = 0; i < count; i++) {
            vip.awaitText("m" + i);
        }
        assertEquals(0, manager.statistics().messagesDropped());
        vip.sendClose(CloseStatus.NORMAL);
        assertEquals(1000, vip.awaitClose().code());
    }
}
