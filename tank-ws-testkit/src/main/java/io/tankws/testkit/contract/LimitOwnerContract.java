package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.CloseStatus;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Identity;
import io.tankws.Limit;
import io.tankws.Limits;
import io.tankws.LimitsBuilder;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each limit has one owner: what is set elsewhere is refused, and nothing is ignored silently. */
abstract class LimitOwnerContract extends ContractTestBase {
    LimitOwnerContract(ContractFixture fixture) {
        super(fixture);
    }

    /** Returns limits that name one, with half of its default. */
    private static Limits half(Limit limit) {
        LimitsBuilder builder = Limits.builder();
        Object value = limit.of(Limits.defaults());
        try {
            if (limit == Limit.OUTBOX_SOFT_BYTES || limit == Limit.OUTBOX_SOFT_TIME) {
                builder.outboxSoft(1000, Duration.ofSeconds(1));
            } else if (value instanceof Duration time) {
                LimitsBuilder.class.getMethod(limit.toString(), Duration.class).invoke(builder, time.dividedBy(2));
            } else {
                LimitsBuilder.class.getMethod(limit.toString(), int.class).invoke(builder, (Integer) value / 2);
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return builder.build();
    }

    private WebSocketServer.Builder server(Limits limits) {
        return fixture().server().port(0).limits(limits);
    }

    private static void assertMentions(RuntimeException e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> part + " in: " + e.getMessage());
        }
    }

    private static List<Limit> limits(boolean ofServers) {
        return Arrays.stream(Limit.values())
                .filter(limit -> ofServers == (limit.scope() == Limit.Scope.SERVER))
                .toList();
    }

    @Test
    void aServerRefusesEachLimitOfItsManagers() {
        Manager manager = start();
        for (Limit limit : limits(false)) {
            Limits half = half(limit);
            WebSocketServer.Builder server = server(half).handle("/ws", manager);
            assertMentions(
                    assertThrows(IllegalStateException.class, server::start, limit::toString),
                    limit.toString(),
                    limit.of(half).toString(),
                    limit.of(manager.limits()).toString(),
                    "/ws",
                    "Manager.Builder.limits");
        }
    }

    @Test
    void aServerRefusesAManagerWithALimitOfServers() {
        for (Limit limit : limits(true)) {
            Limits half = half(limit);
            Manager manager = start(settings -> settings.limits(half));
            WebSocketServer.Builder server = server(Limits.defaults()).handle("/ws", manager);
            assertMentions(
                    assertThrows(IllegalStateException.class, server::start, limit::toString),
                    limit.toString(),
                    limit.of(half).toString(),
                    limit.of(Limits.defaults()).toString(),
                    "/ws",
                    "WebSocketServer.Builder.limits");
        }
    }

    @Test
    void twoValuesOfOneLimitAreRefusedAndOneValueIsNot() {
        Manager slow = start(
                settings -> settings.limits(limits(limits -> limits.authenticationTimeout(Duration.ofSeconds(20)))));
        Limits other = limits(limits -> limits.authenticationTimeout(Duration.ofSeconds(1)));
        assertMentions(
                assertThrows(IllegalStateException.class, server(other).handle("/ws", slow)::start), "PT20S", "PT1S");
        Limits both = limits(limits -> limits.maxMessageBytes(100).maxSockets(50));
        Manager manager = start(settings -> settings.limits(both));
        WebSocketServer server = closing(server(both).handle("/ws", manager).start());
        TestClient ann = connect(manager, server, "ann");
        ann.sendText("x".repeat(101));
        assertEquals(1009, ann.awaitClose().code());
    }

    @Test
    void aRunningServerRefusesAPathAndKeepsTheOthers() {
        Manager manager = start();
        Limits limits = limits(settings -> settings.maxTopics(Limits.defaults().maxTopics()));
        WebSocketServer server = closing(server(limits).handle("/ws", manager).start());
        Manager other = start(settings -> settings.limits(limits(bounds -> bounds.maxTopics(5))));
        assertMentions(
                assertThrows(IllegalStateException.class, () -> server.handle("/other", other)),
                "maxTopics",
                "/other",
                "5");
        assertThrows(IllegalStateException.class, () -> server.handle("/ws", other));
        assertEquals(404, TestClient.to(server, "/other").ask().status());
        connect(manager, server, "ann");
    }

    @Test
    void severalManagersWithTheirOwnLimitsShareAServer() {
        Manager small = start(settings -> settings.limits(limits(limits -> limits.maxMessageBytes(10))));
        Manager large = start(settings -> settings.limits(limits(limits -> limits.maxMessageBytes(1000))));
        WebSocketServer server = closing(server(limits(limits -> limits.maxSockets(100)))
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

    @Test
    void aServerWithoutAManagerRefusesTheLimitsOfManagers() {
        Manager manager = start();
        Limits limits = limits(settings -> settings.outboxMessages(7));
        WebSocketServer.Builder server = server(limits).handle("/ws", manager::handleConnection);
        assertMentions(
                assertThrows(IllegalStateException.class, server::start),
                "outboxMessages",
                "7",
                "/ws",
                "Manager.Builder.limits");
        // Those of calls have an effect there.
        closing(server(limits(settings -> settings.authenticationTimeout(Duration.ofSeconds(1))))
                .handle("/ws", manager::handleConnection)
                .start());
    }

    @Test
    void aManagerBehindAHandlerRefusesContradictions() {
        Manager manager = start(settings -> settings.limits(limits(limits -> limits.handshakeBytes(4000))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = closing(server(Limits.defaults())
                .handle("/ws", manager::handleConnection)
                .start());
        assertEquals(500, TestClient.to(server, "/ws").ask().status());
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.UPGRADE_FAILED);
        assertMentions((RuntimeException) error.cause().orElseThrow(), "handshakeBytes", "4000", "8192");
    }

    private Manager withIdentity(Limits ofManager, Consumer<LimitsBuilder> ofIdentity) {
        Identity identity = new Identity("vip").withLimits(limits(ofIdentity));
        return start(settings -> settings.limits(ofManager)
                .authenticator(Authenticator.of(request -> request.queryParameter("user_id")
                        .filter("vip"::equals)
                        .map(user -> Authentication.accepted(identity))
                        .orElse(Authentication.accepted()))));
    }

    @Test
    void anIdentityInheritsWhatItDoesNotName() {
        Manager manager =
                withIdentity(limits(limits -> limits.maxMessageBytes(200).maxTopics(1)), limits -> limits.maxTopics(2));
        WebSocketServer server = serve(manager);
        TestClient vip = subscriber(manager, server, "vip", "a");
        vip.sendText("sub:b");
        Await.until("two topics", () -> manager.getTopicSubscriberCount("b") == 1);
        vip.sendText("x".repeat(201));
        assertEquals(1009, vip.awaitClose().code());
    }

    private void assertContradicts(Limits ofManager, Consumer<LimitsBuilder> ofIdentity, String... parts) {
        Manager manager = withIdentity(ofManager, ofIdentity);
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        assertEquals(500, TestClient.to(server, "/ws?user_id=vip").ask().status());
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.AUTHENTICATION_FAILED);
        assertMentions((RuntimeException) error.cause().orElseThrow(), parts);
        // It took no place.
        assertEquals(0, manager.getClientCount());
        connect(manager, server, "ann");
    }

    @Test
    void anIdentityCannotContradictItsManager() {
        Limits defaults = limits(limits -> limits.maxConnections(1));
        assertContradicts(defaults, limits -> limits.maxTopicBytes(256), "maxTopicBytes", "255", "256");
        assertContradicts(
                limits(limits -> limits.maxConnections(1).outboxBytes(400_000)),
                limits -> limits.maxMessageBytes(200_001),
                "maxMessageBytes",
                "200000",
                "200001");
        assertContradicts(defaults, limits -> limits.outboxBytes(65_535), "outboxBytes", "65536", "65535");
        assertContradicts(
                limits(limits -> limits.maxConnections(1).partialMessageBytes(100_000)),
                limits -> limits.maxMessageBytes(100_001),
                "maxMessageBytes",
                "100000",
                "100001",
                "partialMessageBytes");
    }

    @Test
    void anIdentityWithASmallerOutboxIsNotDisconnectedByOneRead() {
        Manager manager = withIdentity(
                limits(limits -> limits.outboxAge(Duration.ofMinutes(10)).writeTimeout(Duration.ofMinutes(10))),
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
