package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.ClientLimits;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Pacing: a client that sends more than another client reads is slowed down, and no reader is disconnected. How much
 * the buffers between two clients hold depends on the transport, so floods end on a condition, never after a count.
 */
abstract class PacingContract extends ContractTestBase {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final String PADDING = ":" + "x".repeat(20_000);
    /** Messages that wait when their sender is held back or will be soon; fewer than the bound of an outbox. */
    private static final int FILLED = 3;
    /** Messages with more bytes than an outbox takes. */
    private static final int FURTHER = 100;
    /** Messages of a sender that went on after it was held back. */
    private static final int RESUMED = 20;
    /** Times that a slow reader stops to read. */
    private static final int STOPS = 3;
    /** Round trips in which a server that holds no sender back receives messages. */
    private static final int ROUND_TRIPS = 100;

    PacingContract(ContractFixture fixture) {
        super(fixture);
    }

    /** Where clients are disconnected for the size of what waits for them alone, never for its age. */
    private static void patient(ClientLimits.Builder limits) {
        limits.outboxAge(LONG).outboxSoft(512 * 1024, LONG).writeTimeout(LONG).closeTimeout(Duration.ofMillis(300));
    }

    private Manager relaying(OverflowPolicy policy) {
        return start(settings -> settings.overflowPolicy(policy).clientLimits(clientLimits(PacingContract::patient)));
    }

    private Manager relaying() {
        return relaying(OverflowPolicy.DISCONNECT);
    }

    private Manager handling(MessageHandler handler) {
        return start(settings -> settings.messageHandler(handler).clientLimits(clientLimits(PacingContract::patient)));
    }

    private static Flood flood(Manager manager, TestClient sender) {
        return Flood.start(sender, new Flood.Window(manager, FURTHER), "", PADDING);
    }

    private static void awaitFilled(Manager manager) {
        awaitWaiting(manager, FILLED);
    }

    private static void awaitWaiting(Manager manager, int messages) {
        Await.until("an outbox that fills up", () -> manager.statistics().messagesQueued() >= messages);
    }

    /** Waits until the server receives no message during many round trips of a client. */
    private static void awaitStandstill(Manager manager, TestClient client) {
        long received = -1;
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long now = manager.statistics().messagesReceived();
            if (now != received) {
                received = now;
                i = 0;
            }
            client.sendPing(new byte[0]);
            client.awaitPong();
        }
    }

    /** Stops a reader until the server holds its senders back, and lets it read until they go on, several times. */
    private static void readInSteps(Manager manager, TestClient reader, TestClient bystander) {
        for (int i = 0; i < STOPS; i++) {
            reader.reading(false);
            awaitFilled(manager);
            awaitStandstill(manager, bystander);
            readOn(manager, reader);
        }
    }

    private static void readOn(Manager manager, TestClient reader) {
        long received = manager.statistics().messagesReceived();
        reader.reading(true);
        Await.until("a sender that goes on", () -> manager.statistics().messagesReceived() >= received + RESUMED);
    }

    private static void assertNoLoss(Manager manager, int clients) {
        assertEquals(Map.of(), manager.statistics().drops());
        assertEquals(Map.of(), manager.statistics().errors());
        assertEquals(clients, manager.getClientCount());
    }

    private void assertPaced(Manager manager) {
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient fast = connect(manager, server, "fast");
        Flood flood = flood(manager, connect(manager, server, "sender"));
        readInSteps(manager, slow, fast);
        flood.finishAfter(FURTHER);
        flood.awaitAll(slow);
        flood.awaitAll(fast);
        assertNoLoss(manager, 3);
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
        Flood flood = flood(manager, connect(manager, server, "sender"));
        awaitFilled(manager);
        int messages = flood.finishAfter(FURTHER);
        // Clients that send little are not held back with it.
        for (int i = 0; i < 5; i++) {
            ann.sendText("ping" + i);
            await(bob, "ping" + i);
            bob.sendText("pong" + i);
            await(ann, "pong" + i);
        }
        assertTrue(manager.statistics().messagesReceived() < messages);
        slow.reading(true);
        flood.awaitDone();
        await(slow, flood.end());
        await(ann, flood.end());
        await(bob, flood.end());
        assertNoLoss(manager, 4);
    }

    /** Waits for one message and skips those before it. */
    private static void await(TestClient client, String expected) {
        while (!client.awaitText().equals(expected)) {
            // A message of another client.
        }
    }

    @Test
    void smallMessagesCountToo() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient ann = connect(manager, server, "ann");
        TestClient sender = connect(manager, server, "sender");
        int bound = ClientLimits.defaults().outboxMessages();
        int large = fillBuffers(manager, sender);
        Flood flood = Flood.start(sender, new Flood.Window(manager, 3 * bound), "small", ":" + "x".repeat(60));
        awaitWaiting(manager, bound / 4);
        flood.finishAfter(2 * bound);
        awaitStandstill(manager, ann);
        assertNoLoss(manager, 3);
        slow.reading(true);
        for (int i = 0; i < large; i++) {
            slow.awaitText(i + PADDING);
        }
        flood.awaitAll(slow);
        assertNoLoss(manager, 3);
    }

    /**
     * Fills the buffers between the server and a client that does not read: sends large messages one by one until the
     * first of them wait.
     *
     * @return the number of messages
     */
    private static int fillBuffers(Manager manager, TestClient sender) {
        int sent = 0;
        while (manager.statistics().messagesQueued() < FILLED) {
            sender.sendText(sent++ + PADDING);
            int expected = sent;
            Await.until("the next message", () -> manager.statistics().messagesReceived() == expected);
        }
        return sent;
    }

    @Test
    void sendersShareTheRateOfTheirReader() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        int senders = 6;
        Flood.Window window = new Flood.Window(manager, FURTHER);
        List<Flood> floods = IntStream.range(0, senders)
                .mapToObj(i -> Flood.start(connect(manager, server, "sender" + i), window, i + "-", PADDING))
                .toList();
        // No bystander: over HTTP/2 the senders that are held back take the window that all streams share.
        for (int i = 0; i < STOPS; i++) {
            slow.reading(false);
            awaitFilled(manager);
            readOn(manager, slow);
        }
        floods.forEach(flood -> flood.finishAfter(FURTHER / senders));
        int[] next = new int[senders];
        for (int ended = 0; ended < senders; ) {
            String text = slow.awaitText();
            int sender = Integer.parseInt(text.substring(0, text.indexOf('-')));
            Flood flood = floods.get(sender);
            if (text.equals(flood.end())) {
                ended++;
            } else {
                assertEquals(flood.text(next[sender]++), text);
            }
        }
        for (int sender = 0; sender < senders; sender++) {
            floods.get(sender).awaitDone();
            assertEquals(floods.get(sender).sent(), next[sender]);
        }
        assertNoLoss(manager, senders + 1);
    }

    @Test
    void aReaderThatNeverReadsHoldsASenderForItsOwnTimeAlone() {
        Manager manager = start(settings -> settings.clientLimits(clientLimits(limits -> {
            patient(limits);
            limits.outboxAge(Duration.ofMillis(500));
        })));
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient silent = connect(manager, server, "silent").reading(false);
        TestClient bob = connect(manager, server, "bob");
        Flood flood = flood(manager, connect(manager, server, "sender"));
        ErrorEvent error = errors.await("the error", event -> event.code() == ErrorCode.OUTBOX_OVERFLOW);
        assertEquals("silent", error.client().orElseThrow().userId());
        flood.finishAfter(FURTHER);
        flood.awaitAll(bob);
        Await.until("the end of the reader", () -> manager.getClientCount() == 2);
        assertEquals(Set.of(DropReason.OUTBOX_AGE), manager.statistics().drops().keySet());
        silent.disconnect();
    }

    @Test
    void aReaderThatLeavesLetsTheSenderGoOn() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient bob = connect(manager, server, "bob");
        Flood flood = flood(manager, connect(manager, server, "sender"));
        awaitFilled(manager);
        flood.finishAfter(FURTHER);
        slow.disconnect();
        flood.awaitAll(bob);
        Await.until("the end of the reader", () -> manager.getClientCount() == 2);
        assertEquals(Map.of(), manager.statistics().drops());
    }

    @Test
    void theLastMessagesOfASenderThatDisconnectsWhileItIsHeldBackArrive() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient ann = connect(manager, server, "ann");
        TestClient sender = connect(manager, server, "sender");
        Flood flood = flood(manager, sender);
        awaitFilled(manager);
        sender.disconnect();
        Throwable failure = flood.awaitFailure();
        assertTrue(failure instanceof UncheckedIOException || failure.getCause() instanceof UncheckedIOException);
        slow.reading(true);
        Await.until("the end of the sender", () -> manager.getClientCount() == 2);
        Await.until("an empty outbox", () -> manager.statistics().messagesQueued() == 0);
        ann.sendText("end");
        int next = 0;
        for (String text = slow.awaitText(); !text.equals("end"); text = slow.awaitText()) {
            assertEquals(flood.text(next++), text);
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
        Flood flood = flood(own[0], sender);
        readInSteps(own[0], slow, connect(own[0], server, "idle"));
        int messages = flood.finishAfter(FURTHER);
        for (TestClient reader : List.of(slow, sender)) {
            for (int i = 0; i < messages; i++) {
                reader.awaitText(published(flood.text(i)));
            }
            reader.awaitText(published(flood.end()));
        }
        flood.awaitDone();
        assertNoLoss(own[0], 3);
    }

    private static String published(String text) {
        return "{\"topic\":\"t\",\"data\":\"" + text + "\"}";
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
        Flood flood = flood(manager, connect(manager, server, "sender"));
        awaitFilled(manager);
        int messages = flood.finishAfter(FURTHER);
        for (int i = 0; i < ROUND_TRIPS; i++) {
            ann.sendText("m" + i);
            bob.awaitText("m" + i);
        }
        assertTrue(manager.statistics().messagesReceived() < messages + ROUND_TRIPS);
        slow.reading(true);
        flood.awaitAll(slow);
        assertNoLoss(manager, 4);
    }

    /** A client that sends first and reads later is slowed down by TCP, as with a server that never queues. */
    @Test
    void anEchoIsPacedByItsOwnReader() {
        Manager manager = handling(Client::send);
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann").reading(false);
        Flood flood = flood(manager, ann);
        readInSteps(manager, ann, connect(manager, server, "idle"));
        flood.finishAfter(FURTHER);
        flood.awaitAll(ann);
        assertNoLoss(manager, 2);
    }

    @Test
    void aShutdownWaitsForNoSenderThatIsHeldBack() {
        Manager manager = relaying();
        WebSocketServer server = serve(manager);
        TestClient slow = connect(manager, server, "slow").reading(false);
        TestClient sender = connect(manager, server, "sender");
        Flood flood = flood(manager, sender);
        awaitFilled(manager);
        manager.shutdown(Duration.ofMillis(500));
        assertEquals(0, manager.getClientCount());
        flood.awaitFailure();
        Await.until("the account of all messages", () -> manager.statistics().messagesQueued() == 0);
        slow.disconnect();
    }
}
