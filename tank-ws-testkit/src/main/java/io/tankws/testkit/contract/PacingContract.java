package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.LimitsBuilder;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.MessageHandler;
import io.tankws.OverflowPolicy;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send more than other clients read: they are slowed down, and no reader is disconnected. */
abstract class PacingContract extends ContractTestBase {
    private static final Duration LONG = Duration.ofMinutes(1);
    /** Together far more than all buffers between a sender and a reader hold. */
    private static final int MESSAGES = 800;

    private static final String PADDING = ":" + "x".repeat(20_000);
    /** Messages that a slow reader takes before it stops to read again. */
    private static final int STEP = 200;
    /** Messages of a flood that wait when its sender is held back or will be soon; fewer than the bound of an outbox. */
    private static final int FILLED = 3;

    PacingContract(ContractFixture fixture) {
        super(fixture);
    }

    /** Where clients are disconnected for the size of what waits for them alone, never for its age. */
    private static void patient(LimitsBuilder limits) {
        limits.outboxAge(LONG).outboxSoft(512 * 1024, LONG).writeTimeout(LONG).closeTimeout(Duration.ofMillis(300));
    }

    private Manager relaying(OverflowPolicy policy) {
        return start(settings -> settings.overflowPolicy(policy).limits(limits(PacingContract::patient)));
    }

    private Manager relaying() {
        return relaying(OverflowPolicy.DISCONNECT);
    }

    private Manager handling(MessageHandler handler) {
        return start(settings -> settings.messageHandler(handler).limits(limits(PacingContract::patient)));
    }

    private static CompletableFuture<Void> flood(TestClient sender, String name, int messages, String padding) {
        Runnable flood = () -> IntStream.range(0, messages).forEach(i -> sender.sendText(name + i + padding));
        return CompletableFuture.runAsync(flood, task -> {
            Thread thread = new Thread(task, "flood-" + name);
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static CompletableFuture<Void> flood(TestClient sender) {
        return flood(sender, "", MESSAGES, PADDING);
    }

    private static void awaitEnd(CompletableFuture<Void> flood) {
        Await.until("the end of the flood", flood::isDone);
        flood.join();
    }

    private static void awaitFilled(Manager manager, CompletableFuture<Void> flood) {
        Await.until(
                "an outbox that fills up", () -> manager.statistics().messagesWaiting() >= FILLED || flood.isDone());
    }

    private static void awaitMessages(TestClient reader, int from, int to) {
        for (int i = from; i < to; i++) {
            reader.awaitText(i + PADDING);
        }
    }

    /** Takes a flood with many stops. */
    private static void readInSteps(Manager manager, TestClient reader, CompletableFuture<Void> flood) {
        for (int next = 0; next < MESSAGES; next += STEP) {
            awaitFilled(manager, flood);
            reader.reading(true);
            awaitMessages(reader, next, next + STEP);
            reader.reading(false);
        }
        reader.reading(true);
    }

    private static void assertNobodySuffered(Manager manager, int clients) {
        assertEquals(Map.of(), manager.statistics().drops());
        assertEquals(Map.of(), manager.statistics().errors());
        assertEquals(clients, manager.getClientCount());
    }

    private void assertPaced(Manager manager) {
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient fast = connect(manager, server, "fast");
        CompletableFuture<Void> flood = flood(connect(manager, server, "sender"));
        awaitFilled(manager, flood);
        readInSteps(manager, slow, flood);
        awaitMessages(fast, 0, MESSAGES);
        awaitEnd(flood);
        assertNobodySuffered(manager, 3);
    }

    @Test
    void aFloodDisconnectsNoReader() {
        assertPaced(relaying(OverflowPolicy.DISCONNECT));
    }

    @Test
    void aFloodTakesNoOldMessageFromReaders() {
        assertPaced(relaying(OverflowPolicy.DROP_OLDEST));
    }

    @Test
    void aFloodTakesNoNewMessageFromReaders() {
        assertPaced(relaying(OverflowPolicy.DROP_NEWEST));
    }

    @Test
    void aFloodIsNotConflated() {
        assertPaced(relaying(OverflowPolicy.CONFLATE));
    }

    @Test
    void theSenderIsHeldBackUntilTheReaderReads() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        CompletableFuture<Void> flood = flood(connect(manager, server, "sender"));
        awaitFilled(manager, flood);
        // Clients that send little are not held back with it.
        for (int i = 0; i < 5; i++) {
            ann.sendText("ping" + i);
            await(bob, "ping" + i);
            bob.sendText("pong" + i);
            await(ann, "pong" + i);
        }
        assertTrue(manager.statistics().messagesReceived() < MESSAGES);
        slow.reading(true);
        awaitEnd(flood);
        await(slow, MESSAGES - 1 + PADDING);
        await(ann, MESSAGES - 1 + PADDING);
        await(bob, MESSAGES - 1 + PADDING);
        assertNobodySuffered(manager, 4);
    }

    /** Waits for one message among others. */
    private static void await(TestClient client, String expected) {
        while (!client.awaitText().equals(expected)) {
            // What others have sent before.
        }
    }

    @Test
    void smallMessagesCountToo() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        int messages = 150_000;
        String padding = ":" + "x".repeat(60);
        CompletableFuture<Void> flood = flood(connect(manager, server, "sender"), "", messages, padding);
        Await.until("an outbox that fills up", () -> manager.statistics().messagesWaiting() >= 200 || flood.isDone());
        slow.reading(true);
        for (int i = 0; i < messages; i++) {
            slow.awaitText(i + padding);
        }
        awaitEnd(flood);
        assertNobodySuffered(manager, 2);
    }

    @Test
    void manySendersShareWhatAReaderTakes() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        int senders = 6;
        int each = 100;
        List<CompletableFuture<Void>> floods = IntStream.range(0, senders)
                .mapToObj(i -> flood(connect(manager, server, "sender" + i), i + "-", each, PADDING))
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(floods.toArray(CompletableFuture[]::new));
        int[] next = new int[senders];
        for (int read = 0; read < senders * each; read++) {
            if (read % each == 0) {
                slow.reading(false);
                awaitFilled(manager, all);
                slow.reading(true);
            }
            String text = slow.awaitText();
            int sender = Integer.parseInt(text.substring(0, text.indexOf('-')));
            assertEquals(sender + "-" + next[sender]++ + PADDING, text);
        }
        awaitEnd(all);
        assertTrue(Arrays.stream(next).allMatch(count -> count == each));
        assertNobodySuffered(manager, senders + 1);
    }

    @Test
    void aReaderThatNeverReadsHoldsASenderForItsOwnTimeAlone() {
        Manager manager = start(settings -> settings.limits(limits(limits -> {
            patient(limits);
            limits.outboxAge(Duration.ofMillis(500));
        })));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient dead = connect(manager, server, "dead").reading(false);
        TestClient bob = connect(manager, server, "bob");
        CompletableFuture<Void> flood = flood(connect(manager, server, "sender"));
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.OUTBOX_OVERFLOW);
        assertEquals("dead", error.client().orElseThrow().userId());
        awaitMessages(bob, 0, MESSAGES);
        awaitEnd(flood);
        Await.until("the end of the dead", () -> manager.getClientCount() == 2);
        assertEquals(Set.of(DropReason.OUTBOX_AGE), manager.statistics().drops().keySet());
        dead.disconnect();
    }

    @Test
    void aReaderThatLeavesLetsTheSenderGoOn() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient bob = connect(manager, server, "bob");
        CompletableFuture<Void> flood = flood(connect(manager, server, "sender"));
        awaitFilled(manager, flood);
        slow.disconnect();
        awaitMessages(bob, 0, MESSAGES);
        awaitEnd(flood);
        Await.until("the end of the reader", () -> manager.getClientCount() == 2);
        assertEquals(Map.of(), manager.statistics().drops());
    }

    @Test
    void aSenderThatLeavesWhileItIsHeldBackLeavesNothingBehind() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient ann = connect(manager, server, "ann");
        TestClient sender = connect(manager, server, "sender");
        CompletableFuture<Void> flood = flood(sender);
        awaitFilled(manager, flood);
        sender.disconnect();
        Await.until("the end of the flood", flood::isDone);
        assertTrue(flood.handle((nothing, error) -> error instanceof RuntimeException
                        && (error instanceof UncheckedIOException || error.getCause() instanceof UncheckedIOException))
                .join());
        slow.reading(true);
        Await.until("the end of the sender", () -> manager.getClientCount() == 2);
        Await.until("nothing to wait", () -> manager.statistics().messagesWaiting() == 0);
        ann.sendText("end");
        int next = 0;
        for (String text = slow.awaitText(); !text.equals("end"); text = slow.awaitText()) {
            assertEquals(next++ + PADDING, text);
        }
        assertEquals(Map.of(), manager.statistics().drops());
    }

    @Test
    void aHandlerThatRelaysIsPacedToo() {
        Manager[] own = new Manager[1];
        own[0] = handling((client, message) -> own[0].broadcastMessage(message, client));
        assertPaced(own[0]);
    }

    @Test
    void aHandlerThatSendsToEachIsPacedToo() {
        Manager[] own = new Manager[1];
        own[0] = handling((client, message) ->
                own[0].clients().stream().filter(other -> other != client).forEach(other -> other.send(message)));
        assertPaced(own[0]);
    }

    /** The sender is subscribed itself. */
    @Test
    void aHandlerThatPublishesIsPacedToo() {
        Manager[] own = new Manager[1];
        own[0] = handling((client, message) -> own[0].broadcastTopicMessage("t", ((Message.Text) message).text()));
        WebSocketServer server = serve(own[0]);
        TestClient slow = subscriber(own[0], server, "slow", "t").reading(false);
        TestClient sender = subscriber(own[0], server, "sender", "t");
        CompletableFuture<Void> flood = flood(sender);
        awaitFilled(own[0], flood);
        for (int i = 0; i < MESSAGES; i++) {
            if (i % STEP == 0) {
                slow.reading(false);
                awaitFilled(own[0], flood);
                slow.reading(true);
            }
            slow.awaitText("{\"topic\":\"t\",\"data\":\"" + i + PADDING + "\"}");
            sender.awaitText("{\"topic\":\"t\",\"data\":\"" + i + PADDING + "\"}");
        }
        awaitEnd(flood);
        assertNobodySuffered(own[0], 2);
    }

    @Test
    void clientsThatDoNotSendToTheReaderAreNotHeldBack() {
        Map<String, Client> clients = new ConcurrentHashMap<>();
        Manager manager = handling((client, message) -> {
            clients.putIfAbsent(client.userId(), client);
            Client to = clients.get(client.userId().equals("sender") ? "slow" : "bob");
            if (to != null) {
                to.send(message);
            }
        });
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        clients.put("slow", find(manager, "slow"));
        clients.put("bob", find(manager, "bob"));
        CompletableFuture<Void> flood = flood(connect(manager, server, "sender"));
        awaitFilled(manager, flood);
        for (int i = 0; i < MESSAGES; i++) {
            ann.sendText("m" + i);
            bob.awaitText("m" + i);
        }
        assertTrue(manager.statistics().messagesReceived() < 2 * MESSAGES);
        slow.reading(true);
        awaitMessages(slow, 0, MESSAGES);
        awaitEnd(flood);
        assertNobodySuffered(manager, 4);
    }

    /** A client that sends first and reads later is slowed down by TCP as with a server that never queues. */
    @Test
    void anEchoIsPacedByItsOwnReader() {
        Manager manager = handling(Client::send);
        TestClient ann = connect(manager, serve(manager), "ann").reading(false);
        CompletableFuture<Void> flood = flood(ann);
        awaitFilled(manager, flood);
        readInSteps(manager, ann, flood);
        awaitEnd(flood);
        assertNobodySuffered(manager, 1);
    }

    @Test
    @Timeout(20)
    void aShutdownWaitsForNoSenderThatIsHeldBack() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient sender = connect(manager, server, "sender");
        CompletableFuture<Void> flood = flood(sender);
        awaitFilled(manager, flood);
        manager.shutdown(Duration.ofMillis(500));
        assertEquals(0, manager.getClientCount());
        Await.until("the end of the flood", flood::isDone);
        Await.until("the account of all messages", () -> manager.statistics().messagesWaiting() == 0);
        slow.disconnect();
    }
}
