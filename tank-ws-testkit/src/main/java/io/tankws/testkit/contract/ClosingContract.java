package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The end of a connection whose client sends more after its close frame, which RFC 6455 section 5.5.1 has the server
 * discard: no such frame costs the client a queued message or the server's close frame.
 */
abstract class ClosingContract extends ContractTestBase {
    /** Two of the largest messages are less than an outbox holds. */
    private static final int LARGEST = 256 * 1024;

    private static final CloseStatus LATER = new CloseStatus(4001, "second");

    ClosingContract(ContractFixture fixture) {
        super(fixture);
    }

    /** Data that a client sends after its close frame. */
    private enum Trailer {
        NOTHING(client -> {}),
        PONG(client -> client.sendFrame(10, true, new byte[] {1})),
        PING(client -> client.sendPing(new byte[] {2})),
        TEXT(client -> client.sendText("too late")),
        FRAGMENT(client -> client.sendFrame(1, false, new byte[] {'f'})),
        CONTINUATION_OF_NOTHING(client -> client.sendFrame(0, true, new byte[1])),
        SECOND_CLOSE(client -> client.sendClose(LATER)),
        BROKEN_CLOSE(client -> client.sendFrame(8, true, new byte[] {3, (byte) 0xED})),
        TEXT_THAT_IS_NOT_UTF8(client -> client.sendFrame(1, true, new byte[] {(byte) 0xFF})),
        UNKNOWN_OPCODE(client -> client.sendFrame(3, true, new byte[] {4})),
        LARGE_PING(client -> client.sendFrame(9, true, new byte[126])),
        TOO_LARGE_A_MESSAGE(client -> client.sendBinary(new byte[LARGEST + 1])),
        MANY_FRAMES(client -> {
            for (int i = 0; i < 200; i++) {
                client.sendFrame(10, true, new byte[100]);
            }
        });

        private final Consumer<TestClient> sends;

        Trailer(Consumer<TestClient> sends) {
            this.sends = sends;
        }

        void send(TestClient client) {
            tolerant(() -> sends.accept(client));
        }
    }

    private static void tolerant(Runnable send) {
        try {
            send.run();
        } catch (UncheckedIOException e) {
            // Each side may have closed the connection in the meantime.
        }
    }

    private Manager echo() {
        return start(settings -> settings.clientLimits(clientLimits(limits -> limits.maxMessageBytes(LARGEST)))
                .messageHandler((client, message) -> client.send(message)));
    }

    private static String message(char first, int size) {
        return first + "x".repeat(size - 1);
    }

    private static void sendTwoAndClose(TestClient client, int size) {
        client.sendText(message('a', size));
        client.sendText(message('b', size));
        client.sendClose(CloseStatus.NORMAL);
    }

    private static void awaitTwoAndClose(TestClient client, int size) {
        client.awaitText(message('a', size));
        client.awaitText(message('b', size));
        assertEquals(CloseStatus.NORMAL.code(), client.awaitClose().code());
        assertEquals(0, client.unread());
    }

    private void checkSameSegment(int size) {
        Manager manager = echo();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        RecordingSubscriber<ConnectionEvent> events = RecordingSubscriber.of(manager.connectionEvents());
        WebSocketServer server = serve(manager);
        for (Trailer trailer : Trailer.values()) {
            TestClient ann = connect(server, trailer.name());
            // The connection may end while what is behind the close frame is still being sent.
            tolerant(() -> ann.sendTogether(() -> {
                sendTwoAndClose(ann, size);
                trailer.send(ann);
            }));
            awaitTwoAndClose(ann, size);
            ConnectionEvent end = events.await(
                    "the disconnect of " + trailer,
                    event -> event instanceof ConnectionEvent.Disconnected
                            && event.userId().equals(trailer.name()));
            assertEquals(
                    CloseStatus.NORMAL.code(),
                    ((ConnectionEvent.Disconnected) end).status().code());
        }
        assertEquals(List.of(), errors.items());
        assertEquals(0, manager.statistics().messagesUndelivered());
    }

    @Test
    void framesAfterACloseInItsSegmentCostNothing() {
        checkSameSegment(10);
    }

    @Test
    void framesAfterACloseInItsSegmentCostNothingOfMessagesOf60000Bytes() {
        checkSameSegment(60_000);
    }

    @Test
    void framesAfterACloseInItsSegmentCostNothingOfLargeMessages() {
        checkSameSegment(LARGEST);
    }

    @Test
    void framesInLaterSegmentsCostNothingBeforeTheAnswer() {
        for (Trailer trailer : Trailer.values()) {
            CountDownLatch mayAnswer = new CountDownLatch(1);
            Manager manager = start(settings -> settings.clientLimits(clientLimits(
                            limits -> limits.maxMessageBytes(LARGEST).closeTimeout(Duration.ofMinutes(10))))
                    .messageHandler((client, message) -> {
                        mayAnswer.await();
                        client.send(message);
                    }));
            WebSocketServer server = serve(manager);
            TestClient ann = connect(manager, server, "ann");
            sendTwoAndClose(ann, 60_000);
            trailer.send(ann);
            // A round trip of another client gives the server the time to read what ann has sent.
            TestClient bob = connect(manager, server, "bob");
            bob.sendPing(new byte[] {1});
            bob.awaitPong();
            trailer.send(ann);
            mayAnswer.countDown();
            awaitTwoAndClose(ann, 60_000);
        }
    }

    /** Some of the echo is still in the server's socket when the trailer comes: closing that socket would lose it. */
    @Test
    void framesAfterTheAnswerDoNotResetTheConnection() {
        int size = 25_000;
        Manager manager = echo();
        WebSocketServer server = serve(manager);
        for (Trailer trailer : Trailer.values()) {
            TestClient ann = connect(manager, server, trailer.name()).reading(false);
            sendTwoAndClose(ann, size);
            Await.until("the end of the session", () -> manager.getClientCount() == 0);
            trailer.send(ann);
            trailer.send(ann);
            ann.reading(true);
            awaitTwoAndClose(ann, size);
        }
    }

    @Test
    void thePongToAHeartbeatMayFollowTheClose() {
        Manager manager = echo();
        manager.enableHeartbeat(Duration.ofMillis(50), Duration.ofMinutes(10));
        WebSocketServer server = serve(manager);
        for (int size : new int[] {10, 60_000, LARGEST}) {
            for (boolean sameSegment : new boolean[] {true, false}) {
                TestClient ann = connect(server, "ann").answeringPings(false);
                byte[] ping = ann.awaitPing();
                if (sameSegment) {
                    ann.sendTogether(() -> {
                        sendTwoAndClose(ann, size);
                        tolerant(() -> ann.sendFrame(10, true, ping));
                    });
                } else {
                    sendTwoAndClose(ann, size);
                    tolerant(() -> ann.sendFrame(10, true, ping));
                }
                awaitTwoAndClose(ann, size);
            }
        }
    }

    @Test
    void framesAfterTheAnswerToTheServersCloseCostNothing() {
        Manager manager = echo();
        WebSocketServer server = serve(manager);
        for (Trailer trailer : Trailer.values()) {
            TestClient ann = connect(manager, server, trailer.name()).answeringClose(false);
            find(manager, trailer.name()).close(new CloseStatus(4002, "server"));
            tolerant(() -> ann.sendTogether(() -> {
                ann.sendClose(new CloseStatus(4002, "server"));
                trailer.send(ann);
            }));
            assertEquals(4002, ann.awaitClose().code());
            Await.until("the end of the session", () -> manager.getClientCount() == 0);
        }
    }
}
