package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.Payload;
import io.tankws.ProtocolSelectionException;
import io.tankws.StreamPosition;
import io.tankws.TopicAction;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicDenial;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.spi.ConnectionEnding;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Protocols of routes: replies, order, authentication, subscriptions, shared topics, and endings.
 *
 * <p>This file is longer than 400 lines because each test is one promise of the same interface.
 */
abstract class ClientProtocolContract extends ContractTestBase {
    private static final TopicOptions RECOVERABLE =
            TopicOptions.builder().historySize(200).recoverable().build();

    private final LineProtocol protocol = new LineProtocol(false);
    private final LineProtocol late = new LineProtocol(true);

    ClientProtocolContract(ContractFixture fixture) {
        super(fixture);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void remember(Manager.Builder settings) {
        settings.topicConfigurer(topic -> topic.startsWith("news") ? RECOVERABLE : TopicOptions.NONE);
    }

    private WebSocketServer route(Manager manager, LineProtocol spoken) {
        return closing(fixture()
                .server()
                .port(0)
                .handle("/ws", manager)
                .handle("/lines", manager.endpoint(spoken))
                .start());
    }

    private TestClient speak(WebSocketServer server, String userId) {
        return closing(TestClient.connect(server, "/lines?user_id=" + userId));
    }

    /** Connects a client that has subscribed. */
    private TestClient listen(WebSocketServer server, String userId, String topic) {
        TestClient client = speak(server, userId);
        client.sendText("sub " + topic);
        assertTrue(client.awaitText().startsWith("subscribed " + topic + " "));
        return client;
    }

    private static String code(ConnectionEnding ending) {
        return LineProtocol.ENDING_CODE + " " + ending;
    }

    private static String awaitCode(TestClient client) {
        CloseStatus status = client.awaitClose();
        return status.code() + " " + status.reason();
    }

    @Test
    void anUnknownNameFailsWithTheNamesThatAreFound() {
        Manager manager = start();
        ProtocolSelectionException thrown =
                assertThrows(ProtocolSelectionException.class, () -> manager.endpoint("unknown"));
        String text = String.valueOf(thrown.getMessage());
        assertTrue(text.startsWith("No tank-ws protocol named 'unknown'"), text);
        assertTrue(text.contains("Found:"), text);
    }

    @Test
    void theServerAgreesOnTheFirstSubprotocolOfTheProtocol() {
        Manager manager = start();
        WebSocketServer server = route(manager, protocol);
        TestClient loud = closing(TestClient.to(server, "/lines")
                .header("Sec-WebSocket-Protocol", "other, lines, lines-loud")
                .connect());
        assertEquals("lines-loud", loud.subprotocol().orElseThrow());
        assertTrue(speak(server, "ann").subprotocol().isEmpty());
    }

    @Test
    void repliesLeaveInTheOrderOfTheCommands() {
        Manager manager = start();
        TestClient ann = speak(route(manager, protocol), "ann");
        ann.sendText("echo 1\nsub news\necho 2");
        ann.sendText("publish news a\necho 3");
        List.of("echo 1", "subscribed news :0 false ", "echo 2", "pub news 0:a by ann", "published 0", "echo 3")
                .forEach(ann::awaitText);
    }

    @Test
    void aCommandThatTakesTimePausesTheInputOfItsClientOnly() {
        Manager manager = start();
        WebSocketServer server = route(manager, protocol);
        TestClient ann = speak(server, "ann");
        TestClient bob = speak(server, "bob");
        ann.sendText("echo 1\nhold 2\necho 3");
        ann.awaitText("echo 1");
        ann.sendText("echo 4");
        bob.sendText("echo 5\npaused");
        bob.awaitText("echo 5");
        bob.awaitText("paused false");
        assertEquals(0, ann.unread());
        protocol.held.complete(null);
        List.of("held 2", "echo 3", "echo 4").forEach(ann::awaitText);
    }

    @Test
    void messagesOfTheApplicationAndTheRelayGetTheFormOfTheProtocol() {
        Manager manager = start(settings -> settings.greeting("hello").farewell("bye"));
        WebSocketServer server = route(manager, protocol);
        TestClient ann = speak(server, "ann");
        TestClient plain = connect(manager, server, "bob");
        plain.awaitText("hello");
        find(manager, "ann").send("1");
        join(manager.broadcastMessage("2"));
        plain.sendText("3");
        List.of("message 1", "message 2", "message 3").forEach(ann::awaitText);
        plain.awaitText("2");
        join(manager.broadcastMessage(new byte[] {1}));
        assertEquals(1, manager.statistics().drops().get(DropReason.NOT_REPRESENTABLE));
    }

    @Test
    void aMessageReachesTheHandlerOfTheApplication() {
        List<String> handled = new CopyOnWriteArrayList<>();
        Manager manager = start(settings -> settings.messageHandler(
                (client, message) -> handled.add(client.userId() + " " + ((io.tankws.Message.Text) message).text())));
        TestClient ann = speak(route(manager, protocol), "ann");
        ann.sendText("say hi");
        ann.awaitText("handled true");
        Await.until("the message", () -> handled.equals(List.of("ann hi")));
    }

    @Test
    void aClientHasItsIdentityAfterTheUpgrade() {
        Manager manager = start(settings ->
                settings.authenticator(Authenticator.of(request -> Authentication.accepted(new Identity("cookie")))));
        RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
        WebSocketServer server = route(manager, late);
        TestClient ann = speak(server, "");
        ann.sendText("sub news\npublish news x\nhistory news\nsay hi");
        ann.awaitText("error NOT_AUTHENTICATED the client is not authenticated");
        ann.awaitText("error NOT_AUTHENTICATED the client is not authenticated");
        ann.awaitText("error NOT_AUTHENTICATED the client is not authenticated");
        ann.awaitText("handled false");
        assertEquals(0, manager.getClientCount());
        ann.sendText("connect ann\nsub news\npublish news x");
        ann.awaitText("connected ann");
        ann.awaitText("subscribed news :0 false ");
        ann.awaitText("pub news 0:x by ann");
        Client client = find(manager, "ann");
        assertEquals("info of ann", client.info().orElseThrow().asText());
        events.await(
                "CONNECT",
                event -> event instanceof ConnectionEvent.Connected connected
                        && connected.client().equals(client));
        TestClient other = speak(server, "");
        other.sendText("login");
        other.awaitText("connected cookie");
    }

    @Test
    void aClientThatDoesNotAuthenticateInTimeIsClosed() {
        Manager manager =
                start(settings -> settings.limits(managerLimits(limits -> limits.loginTimeout(Duration.ofMillis(50)))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = speak(route(manager, late), "");
        assertEquals(code(ConnectionEnding.NOT_AUTHENTICATED), awaitCode(ann));
        errors.await("the error", event -> event.code() == ErrorCode.AUTHENTICATION_FAILED);
        Await.until("the end", () -> late.closed.size() == 1);
        assertEquals(0, manager.statistics().connectionsOpened());
    }

    @Test
    void theQuotaOfAUserHoldsAfterTheUpgradeToo() {
        Manager manager =
                start(settings -> settings.clientLimits(clientLimits(limits -> limits.maxConnectionsPerUser(1))));
        WebSocketServer server = route(manager, late);
        TestClient first = speak(server, "");
        first.sendText("connect ann");
        first.awaitText("connected ann");
        TestClient second = speak(server, "");
        second.sendText("connect ann");
        second.awaitText("error LIMIT too many connections of this user");
        first.disconnect();
        Await.until("the end of the first", () -> manager.getClientCount() == 0);
        second.sendText("connect ann");
        second.awaitText("connected ann");
    }

    @Test
    void mixedSubscribersGetOneOrderAndEachEncodingIsUsedOnce() {
        Manager manager = start(ClientProtocolContract::remember);
        WebSocketServer server = route(manager, protocol);
        List<TestClient> lines = IntStream.range(0, 3)
                .mapToObj(i -> listen(server, "line" + i, "news"))
                .toList();
        TestClient loud = closing(TestClient.to(server, "/lines?user_id=loud")
                .header("Sec-WebSocket-Protocol", "lines-loud")
                .connect());
        loud.sendText("sub news");
        assertTrue(loud.awaitText().startsWith("subscribed news"));
        List<TestClient> plain = IntStream.range(0, 3)
                .mapToObj(i -> subscriber(manager, server, "plain" + i, "news"))
                .toList();
        lines.get(0).sendText("publish news a");
        lines.get(0).awaitText("pub news 1:a by line0");
        lines.get(0).awaitText("published 1");
        join(manager.broadcastTopicMessage("news", "b"));
        join(manager.publish("news", Payload.json("\"c\"")));
        join(manager.publish("news", Payload.binary(new byte[] {1})));
        join(manager.publish("news", Payload.text("d")));
        for (TestClient client : lines) {
            if (client != lines.get(0)) {
                client.awaitText("pub news 1:a by line0");
            }
            List.of("pub news 2:b", "pub news 3:\"c\"", "pub news 5:d").forEach(client::awaitText);
        }
        List.of("pub news 1:A by line0", "pub news 2:B", "pub news 3:\"C\"", "pub news 5:D")
                .forEach(loud::awaitText);
        for (TestClient client : plain) {
            for (String data : List.of("a", "b", "c", "d")) {
                client.awaitText("{\"topic\":\"news\",\"data\":\"" + data + "\"}");
            }
        }
        assertEquals(5, protocol.lines.encoded.get());
        assertEquals(5, protocol.loud.encoded.get());
        assertEquals(7, manager.statistics().drops().get(DropReason.NOT_REPRESENTABLE));
        assertEquals(7, manager.getTopicSubscriberCount("news"));
    }

    @Test
    void subscribersOfATopicWithoutHistoryShareItToo() {
        Manager manager = start();
        WebSocketServer server = route(manager, protocol);
        TestClient line = listen(server, "line", "news");
        TestClient plain = subscriber(manager, server, "plain", "news");
        join(manager.broadcastTopicMessage("news", "a \"b\""));
        join(manager.publish("news", Payload.text("c")));
        line.awaitText("pub news 0:a \"b\"");
        line.awaitText("pub news 0:c");
        plain.awaitText("{\"topic\":\"news\",\"data\":\"a \\\"b\\\"\"}");
        plain.awaitText("{\"topic\":\"news\",\"data\":\"c\"}");
        line.sendText("unsub news\nunsub news");
        line.awaitText("unsubscribed true");
        line.awaitText("unsubscribed false");
        join(manager.broadcastTopicMessage("news", "d"));
        plain.awaitText("{\"topic\":\"news\",\"data\":\"d\"}");
        assertEquals(0, line.unread());
        assertEquals(2, protocol.lines.encoded.get());
    }

    @Test
    void aSubscriptionRecoversInItsReply() {
        Manager manager = start(ClientProtocolContract::remember);
        TestClient ann = speak(route(manager, protocol), "ann");
        StreamPosition first = join(manager.publish("news", Payload.text("1")));
        join(manager.publish("news", Payload.text("2")));
        String top = first.epoch() + ":2";
        ann.sendText("sub news " + first + "\nsub news\nunsub news");
        ann.awaitText("subscribed news " + top + " true 2:2");
        ann.awaitText("error SUBSCRIBED the client is subscribed to the topic already");
        ann.awaitText("unsubscribed true");
        ann.sendText("sub news " + top + "\nunsub news\nsub news other:1\nunsub news");
        ann.awaitText("subscribed news " + top + " true ");
        ann.awaitText("unsubscribed true");
        ann.awaitText("subscribed news " + top + " false ");
        ann.awaitText("unsubscribed true");
        ann.sendText("sub news other:1 required\nsub plain " + first + "\nhistory news\nhistory plain");
        ann.awaitText("error NOT_RECOVERED missed publications cannot be sent");
        ann.awaitText("subscribed plain :0 false ");
        ann.awaitText("history 1:1,2:2");
        ann.awaitText("error NOT_AVAILABLE the topic has no history");
        assertEquals(List.of("plain"), topicsOf(find(manager, "ann")));
        assertEquals(0, manager.getTopicSubscriberCount("news"));
    }

    private static List<String> topicsOf(Client client) {
        return client.subscriptions().stream()
                .map(subscription -> subscription.topic())
                .toList();
    }

    @Test
    void theReplyPrecedesTheFirstPublicationAndNothingIsMissedInAStorm() throws InterruptedException {
        Manager manager = start(ClientProtocolContract::remember);
        TestClient ann = speak(route(manager, protocol), "ann");
        String epoch = join(manager.publish("news", Payload.text("1"))).epoch();
        AtomicBoolean stop = new AtomicBoolean();
        Thread storm = new Thread(() -> {
            for (long next = 2; !stop.get(); next++) {
                join(manager.publish("news", Payload.text("" + next)));
                if (next % 8 == 0) {
                    LockSupport.parkNanos(1);
                }
            }
        });
        storm.start();
        try {
            long last = 1;
            for (int round = 0; round < 50; round++) {
                ann.sendText("sub news " + epoch + ":" + last + "\nunsub news");
                last = checkRound(ann, epoch, last);
            }
        } finally {
            stop.set(true);
            storm.join();
        }
    }

    /** Returns the last offset of a round, whose publications follow its reply without a gap. */
    private static long checkRound(TestClient client, String epoch, long last) {
        String[] reply = client.awaitText().split(" ", -1);
        assertEquals("subscribed", reply[0]);
        List<Long> offsets = new ArrayList<>();
        long expected = last;
        if (reply[3].equals("true")) {
            for (String entry : reply[4].split(",")) {
                if (!entry.isEmpty()) {
                    offsets.add(Long.parseLong(entry.split(":")[0]));
                }
            }
        } else {
            // More was published since the last round than the history keeps.
            expected = Long.parseLong(reply[2].substring(epoch.length() + 1));
        }
        String text = client.awaitText();
        for (; text.startsWith("pub "); text = client.awaitText()) {
            offsets.add(Long.parseLong(text.split(" ")[2].split(":")[0]));
        }
        assertEquals("unsubscribed true", text);
        for (long offset : offsets) {
            assertEquals(++expected, offset);
        }
        return expected;
    }

    @Test
    void theAuthorizerDecidesOnEachAction() {
        List<String> asked = new CopyOnWriteArrayList<>();
        Manager manager = start(settings -> settings.topicAuthorizer(TopicAuthorizer.of(request -> {
            asked.add(request.action() + " " + request.token().orElse(""));
            return request.topic().equals("news")
                    ? TopicDecision.allowed().withData(Payload.text("data"))
                    : TopicDecision.denied("only news");
        })));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = speak(route(manager, protocol), "ann");
        ann.sendText("sub news token=t\npublish news x\nhistory news\npresence news\nrenew news u\nrenew other u");
        ann.awaitText("subscribed news :0 false  data");
        ann.awaitText("pub news 0:x by ann");
        ann.awaitText("published 0");
        ann.awaitText("error NOT_AVAILABLE the topic has no history");
        ann.awaitText("allowed data");
        ann.awaitText("renewed news");
        ann.awaitText("error DENIED only news");
        assertEquals(List.of("SUBSCRIBE t", "PUBLISH ", "HISTORY ", "PRESENCE ", "SUBSCRIBE u", "SUBSCRIBE u"), asked);
        ann.sendText("publish other x\nhistory other\npresence other\nsub other");
        for (TopicAction action : List.of(TopicAction.PUBLISH, TopicAction.HISTORY, TopicAction.PRESENCE)) {
            ann.awaitText("error DENIED only news");
            errors.await(
                    "the denial",
                    event -> event.details()
                            .filter(new TopicDenial(action, "other", "only news")::equals)
                            .isPresent());
        }
        ann.awaitText("error DENIED only news");
    }

    @Test
    void commandsStayInOrderWhileADecisionIsPending() {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        Manager manager = start(settings -> settings.topicAuthorizer(authorizer));
        TestClient ann = speak(route(manager, protocol), "ann");
        ann.sendText("sub a\necho 1\nsub b");
        ann.sendText("echo 2");
        authorizer.awaitRequest("a");
        assertEquals(0, ann.unread());
        authorizer.allow("a");
        ann.awaitText("subscribed a :0 false ");
        ann.awaitText("echo 1");
        authorizer.awaitRequest("b");
        join(manager.revoke("ann", "b"));
        ann.awaitText("error DENIED revoked");
        ann.awaitText("echo 2");
        authorizer.allow("b");
        assertEquals(List.of("a"), topicsOf(find(manager, "ann")));
    }

    @Test
    void anEndedSubscriptionIsReportedWithItsReason() {
        Manager manager =
                start(settings -> settings.topicAuthorizer(TopicAuthorizer.of(request -> TopicDecision.allowed())));
        WebSocketServer server = route(manager, protocol);
        TestClient ann = listen(server, "ann", "news");
        ann.sendText("sub other");
        ann.awaitText("subscribed other :0 false ");
        Client client = find(manager, "ann");
        client.unsubscribe("news");
        ann.awaitText("ended news UNSUBSCRIBED");
        join(manager.revoke("ann", "other"));
        ann.awaitText("ended other REVOKED");
        client.subscribe("news");
        ann.awaitText("server news :0 false ");
        join(manager.subscribeUser("ann", "other"));
        ann.awaitText("server other :0 false ");
        join(manager.broadcastTopicMessage("other", "x"));
        ann.awaitText("pub other 0:x");
    }

    @Test
    void anExpiredPermissionEndsTheSubscription() {
        AtomicInteger calls = new AtomicInteger();
        Manager manager =
                start(settings -> settings.topicAuthorizer(TopicAuthorizer.of(request -> calls.getAndIncrement() == 0
                        ? TopicDecision.allowed()
                                .withExpiry(java.time.Instant.now().plusMillis(200))
                        : TopicDecision.denied("over"))));
        TestClient ann = listen(route(manager, protocol), "ann", "news");
        ann.awaitText("ended news EXPIRED");
    }

    @Test
    void theProtocolChoosesTheCloseCodesOfTheManager() {
        Manager manager = start();
        WebSocketServer server = route(manager, protocol);
        TestClient ann = speak(server, "ann");
        find(manager, "ann").close(CloseStatus.NORMAL);
        assertEquals(code(ConnectionEnding.APPLICATION), awaitCode(ann));
        TestClient bob = speak(server, "bob");
        find(manager, "bob");
        manager.shutdown(Duration.ofSeconds(5));
        assertEquals(code(ConnectionEnding.SHUTDOWN), awaitCode(bob));
    }

    @Test
    void aProtocolThatThrowsEndsOnlyItsOwnConnection() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = route(manager, protocol);
        TestClient other = listen(server, "other", "news");
        for (String command : List.of("throw", "fail", "unknown")) {
            TestClient ann = speak(server, command);
            ann.sendText(command);
            assertEquals(code(ConnectionEnding.FAILED), awaitCode(ann));
            ErrorEvent error = errors.await(
                    "the error of " + command,
                    event -> event.client()
                            .filter(client -> client.userId().equals(command))
                            .isPresent());
            assertEquals(ErrorCode.PROTOCOL_FAILED, error.code());
        }
        TestClient broken = closing(TestClient.connect(server, "/lines?broken=1"));
        assertEquals(1011, broken.awaitClose().code());
        join(manager.broadcastTopicMessage("news", "x"));
        other.awaitText("pub news 0:x");
        Await.until("the ends", () -> manager.getClientCount() == 1);
    }

    @Test
    void theProtocolIsNotifiedOfTheTimeAndOfTheEnd() {
        Manager manager = start();
        TestClient ann = speak(route(manager, protocol), "ann");
        Await.until("ticks", () -> protocol.ticks.get() > 2);
        ann.sendClose(CloseStatus.NORMAL);
        Await.until("the end", () -> protocol.closed.equals(List.of(CloseStatus.NORMAL)));
        assertEquals(1000, ann.awaitClose().code());
    }

    @Test
    void joinsAndLeavesReachTheSubscriptionsThatAskForThem() {
        Manager manager = start(builder -> builder.topicConfigurer(
                topic -> TopicOptions.builder().presence().joinLeave().build()));
        WebSocketServer server = route(manager, protocol);
        TestClient ann = speak(server, "ann");
        ann.sendText("sub room events");
        ann.awaitText("subscribed room :0 false ");
        ann.awaitText("join room ann");
        TestClient plain = subscriber(manager, server, "bob", "room");
        ann.awaitText("join room bob");
        TestClient quiet = listen(server, "cid", "room");
        ann.awaitText("join room cid");
        ann.sendText("members room");
        ann.awaitText("members ann,bob,cid 3");
        plain.sendText("unsub:room");
        ann.awaitText("leave room bob");
        join(manager.publish("room", Payload.text("end")));
        ann.awaitText("pub room 0:end");
        assertEquals("pub room 0:end", quiet.awaitText());
    }

    @Test
    void theAuthorizerDecidesWhichClientsListMembers() {
        Manager manager = start(builder -> builder.topicConfigurer(topic ->
                        topic.equals("room") ? TopicOptions.builder().presence().build() : TopicOptions.NONE)
                .topicAuthorizer(TopicAuthorizer.of(request -> request.action() == TopicAction.PRESENCE
                                && request.client().userId().equals("bob")
                        ? TopicDecision.denied("not for bob")
                        : TopicDecision.allowed())));
        WebSocketServer server = route(manager, protocol);
        TestClient ann = listen(server, "ann", "room");
        ann.sendText("members room");
        ann.awaitText("members ann 1");
        ann.sendText("members news");
        assertTrue(ann.awaitText().startsWith("error NOT_AVAILABLE "));
        TestClient bob = speak(server, "bob");
        bob.sendText("members room");
        ann.sendText("echo end");
        assertTrue(bob.awaitText().startsWith("error DENIED "));
    }
}
