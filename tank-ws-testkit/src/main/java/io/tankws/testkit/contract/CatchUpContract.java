package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.OverflowPolicy;
import io.tankws.Statistics;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that read too slowly and catch up from the history of a topic. */
abstract class CatchUpContract extends ContractTestBase {
    private static final String PADDING = "x".repeat(20_000);
    private static final int OUTBOX_MESSAGES = 50;
    /** Maximum number of publications, so that a test fails whose outbox never overflows. */
    private static final int MAX_PUBLISHED = 2_000;

    CatchUpContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager catchingUp(int historySize) {
        return start(settings -> settings.overflowPolicy(OverflowPolicy.CATCH_UP)
                .topicConfigurer(topic -> topic.equals("news")
                        ? TopicOptions.builder()
                                .historySize(historySize)
                                .historyBytes(60_000_000)
                                .build()
                        : TopicOptions.NONE)
                .clientLimits(clientLimits(limits -> limits.outboxMessages(OUTBOX_MESSAGES)
                        .writeTimeout(Duration.ofMinutes(10))
                        .closeTimeout(Duration.ofMillis(300)))));
    }

    private static String envelope(int number) {
        return "{\"topic\":\"news\",\"data\":\"" + number + ":" + PADDING + "\"}";
    }

    /**
     * Publishes until a client has missed some publications, or its subscription or connection has ended; returns how
     * many. The fast client reads all of them.
     */
    private int publishUntilBehind(Manager manager, TestClient fast) {
        Client slow = find(manager, "slow");
        int published = 0;
        while (deferred(manager) < 2 * OUTBOX_MESSAGES
                && slow.isOpen()
                && !slow.subscriptions().isEmpty()) {
            manager.broadcastTopicMessage("news", published + ":" + PADDING);
            fast.awaitText(envelope(published));
            published++;
            assertTrue(published < MAX_PUBLISHED, "the outbox never overflows");
            assertTrue(manager.statistics().messagesQueued() <= OUTBOX_MESSAGES + 1);
        }
        return published;
    }

    private static long deferred(Manager manager) {
        return manager.statistics().drops().getOrDefault(DropReason.CATCH_UP, 0L);
    }

    private static void assertConserved(Manager manager) {
        Await.until("nothing waits", () -> manager.statistics().messagesQueued() == 0);
        Statistics end = manager.statistics();
        assertEquals(
                end.messagesOffered() + end.messagesRecovered(),
                end.messagesSent() + end.messagesDropped() + end.messagesUndelivered());
    }

    @Test
    void aSlowReaderReceivesEverythingThatTheHistoryKeeps() {
        Manager manager = catchingUp(MAX_PUBLISHED);
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient slow = subscriber(manager, server, "slow", "news").reading(false);
        TestClient fast = subscriber(manager, server, "fast", "news");
        int published = publishUntilBehind(manager, fast);
        errors.await("the begin", event -> event.code() == ErrorCode.OUTBOX_OVERFLOW);
        slow.reading(true);
        for (int i = 0; i < published; i++) {
            slow.awaitText(envelope(i));
        }
        manager.broadcastTopicMessage("news", published + ":" + PADDING);
        slow.awaitText(envelope(published));
        fast.awaitText(envelope(published));
        assertConserved(manager);
        assertEquals(deferred(manager), manager.statistics().messagesRecovered());
        assertEquals(2, manager.getClientCount());
    }

    @Test
    void aSlowReaderThatMissesWhatTheHistoryHasLostIsClosed() {
        Manager manager = catchingUp(5);
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient slow = subscriber(manager, server, "slow", "news").reading(false);
        TestClient fast = subscriber(manager, server, "fast", "news");
        int published = publishUntilBehind(manager, fast);
        slow.reading(true);
        assertEquals(1013, slow.awaitClose().code());
        int received = slow.unread();
        assertTrue(received < published);
        for (int i = 0; i < received; i++) {
            slow.awaitText(envelope(i));
        }
        errors.await(
                "the loss",
                event -> event.code() == ErrorCode.OUTBOX_OVERFLOW
                        && event.message().contains("lost")
                        && event.client().orElseThrow().userId().equals("slow"));
        manager.broadcastTopicMessage("news", published + ":" + PADDING);
        fast.awaitText(envelope(published));
        assertConserved(manager);
    }

    private TestClient slowOfLines(WebSocketServer server) {
        TestClient slow = closing(TestClient.connect(server, "/lines?user_id=slow"));
        slow.sendText("sub news");
        assertTrue(slow.awaitText().startsWith("subscribed news "));
        return slow.reading(false);
    }

    private WebSocketServer route(Manager manager) {
        return closing(fixture()
                .server()
                .port(0)
                .handle("/ws", manager)
                .handle("/lines", manager.endpoint(new LineProtocol(false)))
                .start());
    }

    private static String line(int number) {
        return "pub news " + (number + 1) + ":" + number + ":" + PADDING;
    }

    @Test
    void aSlowClientOfAnotherProtocolReceivesConsecutiveOffsets() {
        Manager manager = catchingUp(MAX_PUBLISHED);
        WebSocketServer server = route(manager);
        TestClient slow = slowOfLines(server);
        TestClient fast = subscriber(manager, server, "fast", "news");
        int published = publishUntilBehind(manager, fast);
        slow.reading(true);
        for (int i = 0; i < published; i++) {
            slow.awaitText(line(i));
        }
        manager.broadcastTopicMessage("news", published + ":" + PADDING);
        slow.awaitText(line(published));
        fast.awaitText(envelope(published));
        assertConserved(manager);
        assertEquals(deferred(manager), manager.statistics().messagesRecovered());
    }

    @Test
    void aSlowClientOfAnotherProtocolLosesTheTopicAndKeepsTheConnection() {
        Manager manager = catchingUp(5);
        WebSocketServer server = route(manager);
        TestClient slow = slowOfLines(server);
        TestClient fast = subscriber(manager, server, "fast", "news");
        int published = publishUntilBehind(manager, fast);
        slow.reading(true);
        int received = 0;
        String text = slow.awaitText();
        for (; text.startsWith("pub"); text = slow.awaitText()) {
            assertEquals(line(received++), text);
        }
        assertEquals("ended news INSUFFICIENT_STATE", text);
        assertTrue(received < published);
        slow.sendText("sub news");
        text = slow.awaitText();
        assertTrue(text.startsWith("subscribed news ") && text.contains(":" + published + " "), text);
        manager.broadcastTopicMessage("news", published + ":" + PADDING);
        slow.awaitText(line(published));
        fast.awaitText(envelope(published));
        assertConserved(manager);
    }

    @Test
    void otherMessagesCloseASlowReaderAsWithoutAHistory() {
        Manager manager = catchingUp(MAX_PUBLISHED);
        WebSocketServer server = serve(manager);
        TestClient fast = subscriber(manager, server, "fast", "news");
        connect(manager, server, "slow").reading(false);
        Client client = find(manager, "slow");
        for (int sent = 0; client.isOpen(); sent++) {
            client.send(PADDING);
            assertTrue(sent < MAX_PUBLISHED, "the outbox never overflows");
        }
        manager.broadcastTopicMessage("news", 0 + ":" + PADDING);
        fast.awaitText(envelope(0));
        Await.until("the end of the client", () -> manager.getClientCount() == 1);
        assertEquals(0, deferred(manager));
        assertConserved(manager);
    }
}
