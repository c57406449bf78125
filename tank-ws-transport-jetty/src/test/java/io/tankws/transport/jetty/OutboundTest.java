package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundTest extends TransportTestBase {
    private static final Frame BIG = Frame.of(Frame.Opcode.BINARY, ByteBuffer.allocate(1 << 20));

    private static CompletableFuture<Void> write(Connection connection, List<Frame> frames) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        write(connection, frames, failure -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static void assertArrives(RawClient client, List<Frame> batch, CompletableFuture<Void> write)
            throws Exception {
        for (Frame expected : batch) {
            RawClient.Received received = client.read();
            assertEquals(0x80 | expected.opcode().value(), received.first());
            assertEquals(expected.payload(), ByteBuffer.wrap(received.payload()));
        }
        write.get(10, TimeUnit.SECONDS);
    }

    /** Sends until all buffers of a peer that does not read are full. */
    private CompletableFuture<Void> stick(Connection connection) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        write(connection, Collections.nCopies(64, BIG), failure -> done.complete(null));
        return done;
    }

    @Test
    void batchesKeepTheirOrderWhateverTheirSizes() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            List<Frame> batch = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                batch.add(text(i + " " + "x".repeat(i % 50 == 49 ? 70_000 : i % 10 == 9 ? 5000 : i)));
                if (i % 7 == 6) {
                    batch.add(Frame.of(Frame.Opcode.PING, ByteBuffer.wrap(new byte[] {(byte) i})));
                }
            }
            assertArrives(client, batch, write(listener.connection(), batch));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65535, 65536, 65537})
    void lengthsAtTheBoundsOfTheHeadersForms(int size) throws Exception {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        try (RawClient client = RawClient.open(start())) {
            Frame frame = Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(payload));
            List<Frame> batch = List.of(frame, frame, text("end"));
            assertArrives(client, batch, write(listener.connection(), batch));
        }
    }

    @Test
    void aPeerThatReadsLateGetsEveryByteOfBatchAfterBatch() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            Random random = new Random(1);
            for (int round = 0; round < 2; round++) {
                List<Frame> batch = new ArrayList<>();
                for (int i = 0; i < 400; i++) {
                    byte[] payload = new byte[i % 10 == 9 ? 1_000_000 : random.nextInt(2000)];
                    random.nextBytes(payload);
                    batch.add(Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(payload)));
                }
                CompletableFuture<Void> done = write(connection, batch);
                assertFalse(done.isDone());
                assertArrives(client, batch, done);
            }
        }
    }

    @Test
    void messagesLargerThanTheInboundLimitGoOutWhole() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            CompletableFuture<Void> done = write(listener.connection(), List.of(BIG));
            assertEquals(1 << 20, client.read().payload().length);
            done.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void oneWriteAfterTheOtherDoesNotRecurse() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            AtomicInteger left = new AtomicInteger(20_000);
            List<Frame> one = List.of(text("x"));
            CompletableFuture<Void> done = new CompletableFuture<>();
            Connection.WriteCallback goOn = new Connection.WriteCallback() {
                @Override
                public void onWritten(Throwable failure) {
                    boolean taken = failure == null;
                    while (taken && left.decrementAndGet() > 0) {
                        taken = connection.write(one, this);
                    }
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    } else if (taken) {
                        done.complete(null);
                    }
                }
            };
            write(connection, one, goOn);
            for (int i = 0; i < 20_000; i++) {
                assertEquals("x", client.read().text());
            }
            done.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSecondWriteInFlightIsRefusedAndAbortFailsTheFirst() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            AtomicInteger calls = new AtomicInteger();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            write(connection, Collections.nCopies(64, BIG), failure -> {
                calls.incrementAndGet();
                ended.complete(failure);
            });
            assertThrows(IllegalStateException.class, () -> connection.write(List.of(BIG), failure -> {}));
            connection.close(CloseStatus.TRY_AGAIN_LATER.withReason("slow"));
            connection.abort();
            assertNotNull(ended.get(10, TimeUnit.SECONDS));
            assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
            connection.abort();
            connection.close(CloseStatus.NORMAL);
            CompletableFuture<Throwable> late = new CompletableFuture<>();
            write(connection, List.of(BIG), late::complete);
            assertNotNull(late.get(10, TimeUnit.SECONDS));
            assertTrue(client.endsAfterMore());
            assertEquals(1, calls.get());
            assertEquals(List.of("open", "close 1006"), listener.calls);
        }
    }

    @Test
    void faultOfAStuckPeerEndsWithTheAbort() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            CompletableFuture<Void> stuck = stick(connection);
            client.send(RawClient.header(0x82, 1 << 30));
            await(() -> listener.calls.contains("error"));
            connection.abort();
            stuck.get(10, TimeUnit.SECONDS);
            assertEquals(1009, listener.closeStatus().code());
            assertEquals(
                    1,
                    listener.calls.stream()
                            .filter(call -> call.startsWith("close"))
                            .count());
        }
    }

    @Test
    void closeOfAStuckPeerEndsWithTheAbort() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            CompletableFuture<Void> stuck = stick(connection);
            client.send(RawClient.close(1000));
            await(() -> listener.calls.contains("."));
            connection.abort();
            stuck.get(10, TimeUnit.SECONDS);
            assertEquals(1000, listener.closeStatus().code());
            assertEquals(
                    1,
                    listener.calls.stream()
                            .filter(call -> call.startsWith("close"))
                            .count());
        }
    }

    @Test
    void closeFrameFollowsTheWriteInFlight() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            CompletableFuture<Void> done = write(connection, Collections.nCopies(16, BIG));
            connection.close(CloseStatus.POLICY_VIOLATION.withReason("enough"));
            for (int i = 0; i < 16; i++) {
                assertEquals(1 << 20, client.read().payload().length);
            }
            done.get(10, TimeUnit.SECONDS);
            assertEquals(1008, client.read().closeCode());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 1011, 1013, 4401})
    void ownCloseAwaitsThePeersReply(int code) throws Exception {
        try (RawClient client = RawClient.open(start())) {
            listener.connection().close(new CloseStatus(code, "reason"));
            RawClient.Received received = client.read();
            assertEquals(code, received.closeCode());
            assertEquals("reason", new String(received.payload(), 2, 6));
            client.send(RawClient.frame(0x81, "on its way"));
            assertEquals("text on its way", listener.message());
            assertTrue(!listener.closed.isDone());
            client.send(RawClient.close(3999));
            assertEquals(3999, listener.closeStatus().code());
            assertTrue(client.isCut());
        }
    }

    @Test
    void faultInsteadOfAReplyEndsTheConnection() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            listener.connection().close(CloseStatus.NORMAL);
            assertEquals(1000, client.read().closeCode());
            client.send(new byte[] {(byte) 0x81, 1, 'a'});
            assertEquals(1002, listener.closeStatus().code());
            assertTrue(client.isCut());
            assertEquals(
                    1,
                    listener.calls.stream()
                            .filter(call -> call.startsWith("close"))
                            .count());
        }
    }

    @Test
    void ownCloseWithoutAReplyIs1006() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            listener.connection().close(CloseStatus.NORMAL);
            assertEquals(1000, client.read().closeCode());
            client.socket.close();
            assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
        }
    }

    @Test
    void listenerMayWriteAndAbortWithinItsCalls() throws Exception {
        RecordingListener aborting = new RecordingListener() {
            @Override
            public void onOpen(Connection connection) {
                super.onOpen(connection);
                write(connection, List.of(text("welcome")), failure -> assertNull(failure));
            }

            @Override
            public void onText(ByteBuffer utf8) {
                super.onText(utf8);
                opened.join().abort();
                calls.add("aborted");
            }
        };
        start(handshake -> ((io.tankws.spi.TransportHandshake) handshake).accept(PLAIN, aborting));
        try (RawClient client = RawClient.open(transport.address())) {
            assertEquals("welcome", client.read().text());
            client.send(RawClient.frame(0x81, "a"), RawClient.frame(0x81, "b"));
            assertEquals(CloseStatus.ABNORMAL, aborting.closeStatus());
            assertEquals(List.of("open", "text a", "aborted", "close 1006"), aborting.calls);
        }
    }
}
