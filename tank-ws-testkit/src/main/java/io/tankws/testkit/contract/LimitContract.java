package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BinaryRelay;
import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.OverflowPolicy;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bounds that are off by default, and those in time: at the bound and one above. */
@SuppressWarnings("NullAway") // a null fails the test
abstract class LimitContract extends ContractTestBase {
    LimitContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager limited(Consumer<ManagerLimits.Builder> changes) {
        return start(settings -> settings.limits(managerLimits(changes)));
    }

    private Manager limitedClients(Consumer<ClientLimits.Builder> changes) {
        return start(settings -> settings.clientLimits(clientLimits(changes)));
    }

    private static int status(WebSocketServer server, String userId) {
        return TestClient.to(server, "/ws?user_id=" + userId).awaitReply().status();
    }

    private static void awaitRefused(Manager manager, int times) {
        Await.until("the refusal to be counted", () -> manager.statistics().handshakesRefused() == times);
        assertEquals((long) times, manager.statistics().errors().get(ErrorCode.LIMIT_EXCEEDED));
    }

    @Test
    void connectionsOfAManager() {
        Manager manager = limited(limits -> limits.maxConnections(2));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        connect(manager, server, "bob");
        assertEquals(503, status(server, "carl"));
        awaitRefused(manager, 1);
        ann.close();
        Await.until("ann to be gone", () -> manager.getClientCount() == 1);
        connect(manager, server, "carl");
        assertEquals(503, status(server, "dora"));
    }

    @Test
    void aRefusedHandshakeTakesNoPlace() {
        Manager manager = limited(limits -> limits.maxConnections(1));
        manager.enableAuth(request -> false);
        WebSocketServer server = serve(manager);
        IntStream.range(0, 5).forEach(i -> assertEquals(401, status(server, "eve")));
        manager.disableAuth();
        connect(manager, server, "ann");
    }

    /** An upgrade ends the head: what follows does not count against the bound on heads received in part. */
    @Test
    void messagesAreNoPartsOfRequestHeads() {
        Manager manager = start(settings -> settings.messageHandler((client, message) -> client.send(message)));
        int bound = 64 * 1024;
        WebSocketServer server = serve(manager, serverLimits(limits -> limits.pendingHandshakeBytes(bound)));
        byte[] payload = new byte[bound / 2];
        for (String user : List.of("ann", "bob", "carl")) {
            TestClient client = connect(manager, server, user);
            for (int i = 0; i < 8; i++) {
                client.sendBinary(payload);
                assertEquals(payload.length, client.awaitBinary().length);
            }
        }
        assertEquals(Map.of(), manager.statistics().errors());
    }

    @Test
    void messagesReceivedInPartAreBoundedTogether() {
        int bound = 5000;
        byte[] part = new byte[3000];
        Manager manager = start(settings -> settings.binaryRelay(BinaryRelay.AS_BINARY)
                .limits(managerLimits(limits -> limits.partialMessageBytes(bound)))
                .clientLimits(clientLimits(limits -> limits.maxMessageBytes(bound))));
        WebSocketServer server = serve(manager);
        TestClient reader = connect(manager, server, "reader");
        for (int round = 0; round < 3; round++) {
            TestClient ann = connect(manager, server, "ann" + round);
            ann.sendFrame(2, false, part);
            // Answered after what came before it.
            ann.sendPing(new byte[0]);
            ann.awaitPong();
            TestClient bob = connect(manager, server, "bob" + round);
            bob.sendFrame(2, false, part);
            assertEquals(1013, bob.awaitClose().code());
            // A message that comes whole takes nothing.
            reader.sendBinary(new byte[2500]);
            assertEquals(2500, ann.awaitBinary().length);
            if (round == 1) {
                ann.disconnect();
            } else {
                ann.sendFrame(0, true, new byte[1000]);
                assertEquals(part.length + 1000, reader.awaitBinary().length);
                ann.close();
            }
            Await.until("the end of the other clients", () -> manager.getClientCount() == 1);
        }
        assertEquals(Map.of(ErrorCode.READ_FAILED, 3L), manager.statistics().errors());
    }

    @Test
    void connectionsOfAnAddress() {
        Manager manager = limited(limits -> limits.maxConnectionsPerAddress(2));
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        assertEquals(429, status(server, "carl"));
        awaitRefused(manager, 1);
        bob.disconnect();
        Await.until("bob to be gone", () -> manager.getClientCount() == 1);
        connect(manager, server, "carl");
    }

    @Test
    void connectionsOfAUser() {
        Manager manager = limitedClients(limits -> limits.maxConnectionsPerUser(2));
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann");
        connect(server, "ann");
        Await.until("both", () -> manager.getClientCount() == 2);
        assertEquals(429, status(server, "ann"));
        awaitRefused(manager, 1);
        connect(manager, server, "bob");
        assertEquals(2, manager.closeClient("ann"));
        Await.until("ann to be gone", () -> manager.getClientCount() == 1);
        connect(manager, server, "ann");
    }

    @Test
    void messagesAndPingsOfASecond() {
        Manager manager = limitedClients(limits -> limits.messagesPerSecond(5));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        IntStream.range(0, 3).forEach(i -> ann.sendText("m" + i));
        ann.sendPing(new byte[0]);
        ann.sendPing(new byte[0]);
        ann.awaitPong();
        ann.awaitPong();
        assertTrue(find(manager, "ann").isOpen());
        // Far more messages than the bucket allows during the test, also on a slow machine.
        try {
            IntStream.range(0, 500).forEach(i -> ann.sendText("flood"));
        } catch (UncheckedIOException e) {
            // The server disconnects during the writes.
        }
        assertEquals(1008, ann.awaitClose().code());
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.LIMIT_EXCEEDED);
        assertEquals("ann", error.client().orElseThrow().userId());
        IntStream.range(0, 3).forEach(i -> bob.awaitText("m" + i));
        Await.until("only bob", () -> manager.getClientCount() == 1);
        assertEquals(1, manager.statistics().errors().get(ErrorCode.LIMIT_EXCEEDED));
        manager.broadcastMessage("end");
        int flood = 0;
        while (!bob.awaitText().equals("end")) {
            flood++;
        }
        assertTrue(flood < 500, "the whole flood was relayed");
    }

    @Test
    void bytesOfAFrame() {
        Manager manager = limitedClients(limits -> limits.maxFrameBytes(200).maxMessageBytes(1000));
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        ann.sendFrame(1, false, new byte[200]);
        ann.sendFrame(0, true, new byte[200]);
        assertEquals(400, bob.awaitText().length());
        ann.sendFrame(1, true, new byte[201]);
        assertEquals(1009, ann.awaitClose().code());
    }

    @Test
    void theAgeOfWhatWaits() {
        Manager manager = start(settings -> settings.overflowPolicy(OverflowPolicy.DROP_OLDEST)
                .clientLimits(clientLimits(limits -> limits.outboxAge(Duration.ofMillis(200))
                        .outboxMessages(100_000)
                        .outboxBytes(100_000_000)
                        .writeTimeout(Duration.ofMinutes(10)))));
        TestClient slow = connect(manager, serve(manager), "slow").reading(false);
        Client client = find(manager, "slow");
        String padding = "x".repeat(20_000);
        int sent = 0;
        while (manager.statistics().messagesDropped() == 0) {
            if (manager.statistics().messagesQueued() < 100) {
                client.send(sent++ + ":" + padding);
            }
        }
        assertEquals(
                List.of(DropReason.OUTBOX_AGE),
                List.copyOf(manager.statistics().drops().keySet()));
        assertTrue(client.isOpen());
        slow.reading(true);
        Await.until("nothing waits", () -> manager.statistics().messagesQueued() == 0);
        client.send("end");
        List<Integer> seen = new ArrayList<>();
        for (String text = slow.awaitText(); !text.equals("end"); text = slow.awaitText()) {
            seen.add(Integer.parseInt(text.substring(0, text.indexOf(':'))));
        }
        assertEquals(seen.stream().sorted().distinct().toList(), seen);
        assertEquals(sent, seen.size() + manager.statistics().messagesDropped());
    }

    @Test
    void whoLeavesMessagesWaitingTooLongIsDisconnected() {
        Manager manager = limitedClients(limits -> limits.outboxAge(Duration.ofMillis(200))
                .writeTimeout(Duration.ofMinutes(10))
                .closeTimeout(Duration.ofMillis(300)));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        TestClient slow = connect(manager, serve(manager), "slow").reading(false);
        Client client = find(manager, "slow");
        String padding = "x".repeat(60_000);
        Await.until("the client to be given up", () -> {
            if (manager.statistics().messagesQueued() < 4) {
                client.send(padding);
            }
            return !client.isOpen();
        });
        errors.await("the error", event -> event.code() == ErrorCode.OUTBOX_OVERFLOW);
        Await.until("nobody", () -> manager.getClientCount() == 0);
        assertTrue(manager.statistics().drops().get(DropReason.OUTBOX_AGE) > 0);
        slow.disconnect();
    }

    @Test
    void conflationKeepsTheLatestOfEachTopic() {
        Manager manager = start(settings -> settings.overflowPolicy(OverflowPolicy.CONFLATE)
                .clientLimits(clientLimits(limits -> limits.outboxMessages(20).writeTimeout(Duration.ofMinutes(10)))));
        WebSocketServer server = serve(manager);
        TestClient slow = subscriber(manager, server, "slow", "a");
        find(manager, "slow").subscribe("b");
        slow.reading(false);
        String padding = "x".repeat(20_000);
        manager.broadcastTopicMessage("b", "the only one");
        int published = 0;
        while (manager.statistics().drops().getOrDefault(DropReason.CONFLATED, 0L) < 100) {
            manager.broadcastTopicMessage("a", published++ + ":" + padding);
            assertTrue(published < 20_000, "the outbox never overflows");
        }
        manager.broadcastTopicMessage("a", "end");
        slow.reading(true);
        List<String> seen = new ArrayList<>();
        do {
            seen.add(slow.awaitText());
        } while (!seen.get(seen.size() - 1).equals("{\"topic\":\"a\",\"data\":\"end\"}"));
        assertTrue(seen.contains("{\"topic\":\"b\",\"data\":\"the only one\"}"));
        assertEquals(published + 2L, seen.size() + manager.statistics().messagesDropped());
        Map<DropReason, Long> drops = manager.statistics().drops();
        assertEquals(List.of(DropReason.CONFLATED), List.copyOf(drops.keySet()));
        assertFalse(manager.statistics().errors().isEmpty());
    }
}
