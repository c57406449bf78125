package io.tankws.transport.javawebsocket;

import static io.tankws.transport.javawebsocket.RawClient.closePayload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import io.tankws.spi.TransportHandshake;
import io.tankws.transport.javawebsocket.RawClient.Received;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WriteTest extends Fixture {
    private static final Frame BIG = Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(new byte[1_000_003]));

    private static List<Frame> stuffing() {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            frames.add(BIG);
            frames.add(text("m" + i));
        }
        return frames;
    }

    /** Writes more than the buffers of both sides hold. */
    private static CompletableFuture<Optional<Throwable>> stuff(Connection connection) {
        return write(connection, stuffing().toArray(new Frame[0]));
    }

    private static Optional<Throwable> result(CompletableFuture<Optional<Throwable>> write) throws Exception {
        return write.get(10, TimeUnit.SECONDS);
    }

    @Test
    void stuckWriteIsFinishedByTheSelectorAndTheCloseFrameFollowsIt() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            Connection connection = recorder.open();
            CompletableFuture<Optional<Throwable>> write = stuff(connection);
            assertFalse(write.isDone());
            assertThrows(IllegalStateException.class, () -> write(connection, text("x")));
            connection.close(CloseStatus.GOING_AWAY.withReason("bye"));
            for (int i = 0; i < 30; i++) {
                assertEquals(1_000_003, client.readFrame().payload().length);
                assertEquals("m" + i, client.readFrame().text());
            }
            Received close = client.readFrame();
            assertEquals(0x88, close.first());
            assertEquals(1001, close.closeCode());
            assertTrue(result(write).isEmpty());
            assertTrue(result(write(connection, text("late"))).isPresent());
            client.sendFrame(0x88, closePayload(1001, ""));
            recorder.expect("close 1001 ");
        }
    }

    @Test
    void abortFailsTheStuckWriteAndClosesOnce() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            Connection connection = recorder.open();
            CompletableFuture<Optional<Throwable>> write = stuff(connection);
            assertFalse(write.isDone());
            connection.abort();
            connection.abort();
            connection.close(CloseStatus.NORMAL);
            assertTrue(result(write).isPresent());
            recorder.expect("close 1006 ");
            assertTrue(result(write(connection, text("late"))).isPresent());
            client.awaitEnd();
            Listeners.awaitNoPeers(transport);
        }
        assertEquals(1, recorder.closes.get());
        assertEquals(0, recorder.events.size());
    }

    @Test
    void peerThatClosesButTakesNothingIsDisconnected() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            CompletableFuture<Optional<Throwable>> write = stuff(recorder.open());
            client.sendFrame(0x88, closePayload(3000, "mine"));
            recorder.expect("close 3000 mine");
            assertTrue(result(write).isPresent());
        }
    }

    @Test
    void resetWhileAWriteIsStuckFailsItAndIsAnAbnormalEnd() throws Exception {
        accepting();
        RawClient client = upgraded();
        CompletableFuture<Optional<Throwable>> write = stuff(recorder.open());
        client.socket.setSoLinger(true, 0);
        client.close();
        assertTrue(result(write).isPresent());
        recorder.expect("close 1006 ");
        Listeners.awaitNoPeers(transport);
        assertEquals(1, recorder.closes.get());
    }

    @Test
    void manyWritesInARowFromTheirCallbacksAllArrive() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            Connection connection = recorder.open();
            int count = 20_000;
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < count; i++) {
                    write(connection, text("n" + i), text("x")).join().ifPresent(failure -> {
                        throw new AssertionError(failure);
                    });
                }
            });
            for (int i = 0; i < count; i++) {
                assertEquals("n" + i, client.readFrame().text());
                assertEquals("x", client.readFrame().text());
            }
            sender.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void selectorSkipsStuckPeersAndFinishesTheirWritesLater() throws Exception {
        accepting();
        Recorder chat = new Recorder();
        transport.handle("/chat", handshake -> ((TransportHandshake) handshake).accept(acceptance(), chat));
        try (RawClient stuck = upgraded();
                RawClient chatty = client().send(RawClient.request("/chat"))) {
            CompletableFuture<Optional<Throwable>> write = stuff(recorder.open());
            // Makes the selector write, after which the library keeps the key among the selected ones.
            for (int i = 0; i < 6; i++) {
                stuck.readFrame();
            }
            chatty.readHead();
            chat.expect("open");
            for (int i = 0; i < 300; i++) {
                chatty.sendText("hi");
                chat.expect("text hi");
            }
            assertFalse(write.isDone());
            for (int i = 6; i < 60; i++) {
                stuck.readFrame();
            }
            assertTrue(result(write).isEmpty());
            assertEquals(0, recorder.events.size());
        }
    }

    @Test
    void closeAndWriteFromManyThreadsNeverMixFrames() throws Exception {
        accepting();
        for (int round = 0; round < 30; round++) {
            Recorder own = new Recorder();
            transport.handle(PATH, handshake -> ((TransportHandshake) handshake).accept(acceptance(), own));
            try (RawClient client = client().send(RawClient.request(PATH))) {
                client.readHead();
                Connection connection = own.open();
                CompletableFuture<Void> closing =
                        CompletableFuture.runAsync(() -> connection.close(new CloseStatus(4000, "")));
                CompletableFuture<Optional<Throwable>> write = write(connection, text("a"), text("b"), text("c"));
                closing.get(10, TimeUnit.SECONDS);
                if (result(write).isEmpty()) {
                    assertEquals("a", client.readFrame().text());
                    assertEquals("b", client.readFrame().text());
                    assertEquals("c", client.readFrame().text());
                }
                assertEquals(4000, client.readFrame().closeCode());
                client.sendFrame(0x88);
                assertEquals("1005 ", own.closed());
            }
        }
    }

    @Test
    void abortFromInsideACallClosesAfterTheCall() throws Exception {
        Recorder aborting = new Recorder() {
            @Override
            public void onText(ByteBuffer utf8) {
                connection.join().abort();
                super.onText(utf8);
            }
        };
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), aborting));
        try (RawClient client = client().send(RawClient.request(PATH))) {
            client.readHead();
            client.sendText("one").awaitEnd();
            aborting.expect("open", "text one", "close 1006 ");
            assertEquals(0, aborting.reads.get());
        }
    }
}
