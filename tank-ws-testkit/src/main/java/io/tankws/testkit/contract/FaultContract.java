package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.OverflowPolicy;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** User code that blocks or throws, and clients that do not read. */
abstract class FaultContract extends ContractTestBase {
    FaultContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void aHandlerThatBlocksHarmsNoOtherClient() {
        CountDownLatch release = new CountDownLatch(1);
        Manager manager = start(settings -> settings.messageHandler((client, message) -> {
            if (client.userId().startsWith("stuck")) {
                release.await();
            }
            client.send(message);
        }));
        WebSocketServer server = serve(manager);
        List<TestClient> stuck = IntStream.range(0, 20)
                .mapToObj(i -> connect(manager, server, "stuck" + i))
                .toList();
        stuck.forEach(client -> IntStream.range(0, 200).forEach(i -> client.sendText("m" + i)));
        TestClient ann = connect(manager, server, "ann");
        IntStream.range(0, 50).forEach(i -> {
            ann.sendText("m" + i);
            ann.awaitText("m" + i);
        });
        manager.broadcastMessage("for all");
        stuck.forEach(client -> client.awaitText("for all"));
        release.countDown();
        stuck.forEach(client -> IntStream.range(0, 200).forEach(i -> client.awaitText("m" + i)));
    }

    @Test
    void aHandlerThatThrowsIsReportedAndItsClientStays() {
        Manager manager = start(settings -> settings.messageHandler((client, message) -> {
            switch (message.size()) {
                case 1 -> throw new IllegalStateException("on purpose");
                case 2 -> throw new AssertionError("on purpose");
                default -> client.send(message);
            }
        }));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendText("1");
        ann.sendText("22");
        ann.sendText("fine");
        ann.awaitText("fine");
        Await.until("both errors", () -> errors.items().size() == 2);
        for (ErrorEvent error : errors.items()) {
            assertEquals(ErrorCode.HANDLER_FAILED, error.code());
            assertEquals("ann", error.client().orElseThrow().userId());
            assertTrue(error.cause().isPresent());
        }
    }

    private Manager bounded(OverflowPolicy policy) {
        return start(settings -> settings.overflowPolicy(policy)
                .clientLimits(clientLimits(limits -> limits.outboxMessages(50)
                        .writeTimeout(Duration.ofMinutes(10))
                        .closeTimeout(Duration.ofMillis(300)))));
    }

    /** Sends to a client that does not read until its outbox has overflowed; returns how many messages. */
    private int flood(Manager manager, String userId) {
        Client client = find(manager, userId);
        String padding = "x".repeat(20_000);
        int sent = 0;
        while (manager.statistics().messagesDropped() < 10 && client.isOpen()) {
            client.send(sent++ + ":" + padding);
            assertTrue(sent < 20_000, "the outbox never overflows");
        }
        return sent;
    }

    private static void assertConserved(Manager manager) {
        Statistics statistics = manager.statistics();
        assertEquals(0, statistics.messagesQueued());
        assertEquals(
                statistics.messagesOffered() + statistics.messagesRecovered(),
                statistics.messagesSent() + statistics.messagesDropped() + statistics.messagesUndelivered());
    }

    @Test
    void aClientThatDoesNotReadIsDisconnected() {
        Manager manager = bounded(OverflowPolicy.DISCONNECT);
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient ann = connect(manager, server, "ann");
        flood(manager, "slow");
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.OUTBOX_OVERFLOW);
        assertEquals("slow", error.client().orElseThrow().userId());
        manager.broadcastMessage("undisturbed");
        ann.awaitText("undisturbed");
        Await.until("only ann", () -> manager.getClientCount() == 1);
        Await.until("nothing waits", () -> manager.statistics().messagesQueued() == 0);
        assertTrue(manager.statistics().messagesDropped() > 0);
        assertConserved(manager);
        slow.disconnect();
    }

    @Test
    void aClientThatReadsTooLateIsToldWhy() {
        Manager manager = start(settings -> settings.clientLimits(
                clientLimits(limits -> limits.outboxMessages(50).closeTimeout(Duration.ofMinutes(10)))));
        TestClient slow = connect(manager, serve(manager), "slow").reading(false);
        flood(manager, "slow");
        slow.reading(true);
        assertEquals(1013, slow.awaitClose().code());
        Await.until("nobody", () -> manager.getClientCount() == 0);
        assertConserved(manager);
    }

    @Test
    void theOldestMayBeDroppedInstead() {
        assertDrops(OverflowPolicy.DROP_OLDEST);
    }

    @Test
    void theNewestMayBeDroppedInstead() {
        assertDrops(OverflowPolicy.DROP_NEWEST);
    }

    private void assertDrops(OverflowPolicy policy) {
        Manager manager = bounded(policy);
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient slow = connect(manager, serve(manager), "slow").reading(false);
        int sent = flood(manager, "slow");
        errors.await("the error", event -> event.code() == ErrorCode.OUTBOX_OVERFLOW);
        slow.reading(true);
        Await.until("nothing waits", () -> manager.statistics().messagesQueued() == 0);
        find(manager, "slow").send("end");
        List<Integer> seen = new ArrayList<>();
        for (String text = slow.awaitText(); !text.equals("end"); text = slow.awaitText()) {
            seen.add(Integer.parseInt(text.substring(0, text.indexOf(':'))));
        }
        Await.until("all sent", () -> manager.statistics().messagesQueued() == 0);
        assertConserved(manager);
        assertEquals(seen.stream().sorted().distinct().toList(), seen);
        assertEquals(sent, seen.size() + manager.statistics().messagesDropped());
        boolean keptNewest = seen.contains(sent - 1);
        assertEquals(policy == OverflowPolicy.DROP_OLDEST, keptNewest);
    }

    @Test
    void aWriteThatMakesNoEndIsCutOff() {
        Manager manager = start(
                settings -> settings.clientLimits(clientLimits(limits -> limits.writeTimeout(Duration.ofMillis(300)))));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient slow = connect(manager, serve(manager), "slow").reading(false);
        Client client = find(manager, "slow");
        String padding = "x".repeat(60_000);
        Await.until("a write to get stuck", () -> {
            client.send(padding);
            return manager.statistics().messagesQueued() > 1 || !client.isOpen();
        });
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.WRITE_FAILED);
        assertEquals("slow", error.client().orElseThrow().userId());
        Await.until("nobody", () -> manager.getClientCount() == 0);
        Await.until("nothing waits", () -> manager.statistics().messagesQueued() == 0);
        assertConserved(manager);
        slow.disconnect();
    }

    @Test
    void aClientThatVanishesHarmsNobody() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = subscriber(manager, server, "ann", "t");
        for (int i = 0; i < 10; i++) {
            TestClient other = subscriber(manager, server, "other" + i, "t");
            other.disconnect();
            manager.broadcastTopicMessage("t", "m" + i);
            ann.awaitText("{\"topic\":\"t\",\"data\":\"m" + i + "\"}");
        }
        Await.until("only ann", () -> manager.getClientCount() == 1);
        assertEquals(1, manager.getTopicSubscriberCount("t"));
    }
}
