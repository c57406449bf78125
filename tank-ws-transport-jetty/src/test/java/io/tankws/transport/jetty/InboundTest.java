package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboundTest extends TransportTestBase {
    @Test
    void fragmentsWithAPingBetweenAreOneMessage() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(
                    RawClient.frame(0x01, "a"),
                    RawClient.frame(0x89, "p"),
                    RawClient.frame(0x00, "b"),
                    RawClient.frame(0x8A, "q"),
                    RawClient.frame(0x80, "c"));
            assertEquals("ping p", listener.message());
            assertEquals("pong q", listener.message());
            assertEquals("text abc", listener.message());
        }
    }

    @Test
    void readCompleteFollowsTheLastMessageOfARead() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            for (int round = 1; round <= 20; round++) {
                client.send(RawClient.frame(0x81, "a"), RawClient.frame(0x82, "b"), RawClient.frame(0x89, "c"));
                int expected = round * 3;
                await(() -> listener.messages.size() == expected
                        && listener.calls.get(listener.calls.size() - 1).equals("."));
            }
        }
    }

    @Test
    void readCompleteAlsoFollowsTheMessagesAfterAPause() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            listener.onMessage = connection::pauseReading;
            client.send(RawClient.frame(0x81, "a"), RawClient.frame(0x81, "b"));
            await(() -> listener.calls.equals(List.of("open", "text a", ".")));
            listener.onMessage = () -> {};
            connection.resumeReading();
            await(() -> listener.calls.equals(List.of("open", "text a", ".", "text b", ".")));
        }
    }

    @Test
    void readCompleteComesBeforeTheEndToo() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.frame(0x81, "a"), RawClient.close(1000));
            assertEquals(1000, listener.closeStatus().code());
            assertEquals(List.of("open", "text a", ".", "close 1000"), listener.calls);
        }
    }

    @Test
    void reportsPendingInput() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            assertFalse(connection.hasPendingInput());
            connection.pauseReading();
            int sent = 0;
            // One more frame may be read, with some of the next ones in Jetty's buffer.
            while (!connection.hasPendingInput()) {
                client.send(RawClient.frame(0x81, "a"));
                sent++;
            }
            int all = sent;
            connection.resumeReading();
            await(() -> listener.messages.size() == all);
            await(() -> !connection.hasPendingInput());
        }
    }

    @Test
    void aFrameInManyPiecesIsOneFragment() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            byte[] frame = RawClient.frame(0x82, new byte[3000]);
            for (int at = 0; at < frame.length; at += 30) {
                client.send(Arrays.copyOfRange(frame, at, Math.min(frame.length, at + 30)));
            }
            assertEquals("binary 3000", listener.message());
            client.send(RawClient.frame(0x82, new byte[65536]));
            assertEquals("binary 65536", listener.message());
        }
    }

    @Test
    void headersCutAtEveryByteAreUnderstood() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            byte[] frames = ByteBuffer.allocate(400)
                    .put(RawClient.frame(0x01, "x"))
                    .put(RawClient.frame(0x80, "y".repeat(130)))
                    .put(RawClient.frame(0x89, ""))
                    .array();
            for (int i = 0; i < 2 + 4 + 1 + 4 + 4 + 130 + 6; i++) {
                client.send(new byte[] {frames[i]});
            }
            assertEquals("text x" + "y".repeat(130), listener.message());
            assertEquals("ping ", listener.message());
        }
    }

    @Test
    void pausedConnectionReadsNothingUntilResumed() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            Connection connection = listener.connection();
            client.send(RawClient.frame(0x81, "0"));
            assertEquals("text 0", listener.message());
            await(() -> listener.calls.contains("."));
            connection.pauseReading();
            client.send(RawClient.frame(0x81, "1"));
            assertEquals("text 1", listener.message(), "one read was asked for before the pause");
            client.send(RawClient.frame(0x81, "2"), RawClient.frame(0x81, "3"));
            assertNull(listener.messages.poll(200, TimeUnit.MILLISECONDS));
            await(() -> listener.calls.get(listener.calls.size() - 1).equals("."));
            connection.resumeReading();
            assertEquals("text 2", listener.message());
            assertEquals("text 3", listener.message());
        }
    }

    @Test
    void pausedConnectionCanBeClosedAndAborted() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            listener.connection().pauseReading();
            client.send(RawClient.frame(0x81, "1"), RawClient.frame(0x81, "2"));
            listener.connection().close(CloseStatus.GOING_AWAY.withReason("bye"));
            assertEquals(1001, client.read().closeCode());
            client.send(RawClient.close(1001));
            assertEquals(1001, listener.closeStatus().code());
            assertTrue(client.isCut());
        }
        RecordingListener other = new RecordingListener();
        transport.handle("/ws", handshake -> ((io.tankws.spi.TransportHandshake) handshake).accept(PLAIN, other));
        try (RawClient client = RawClient.open(transport.address())) {
            other.connection().pauseReading();
            client.send(RawClient.frame(0x81, "1"));
            other.connection().abort();
            assertEquals(CloseStatus.ABNORMAL, other.closeStatus());
            assertTrue(client.isCut());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "1 GiB header, 827F0000000040000000, 1009",
        "1 GiB masked header, 82FF000000004000000001020304, 1009",
        "length with its top bit set, 82FF800000000000000001020304, 1002",
        "two bytes for a length of one, 81FE0005, 1002",
        "eight bytes for a length of two, 82FF000000000000FFFF, 1002",
        "one byte too large, 82FF000000000001000101020304, 1009",
        "unmasked, 810161, 1002",
        "unknown opcode, 838001020304, 1002",
        "reserved bit, C18001020304, 1002",
        "continuation of nothing, 808001020304, 1002",
        "message in a message, 018001020304018001020304, 1002",
        "fragmented ping, 098001020304, 1002",
        "large ping, 89FE007E01020304, 1002",
        "close of one byte, 88810000000000, 1002",
        "close with 1005, 88820000000003ED, 1002",
        "not UTF-8, 818100000000FF, 1007",
        "end inside a character, 818100000000C3, 1007",
        "not UTF-8 across fragments, 018100000000C380810000000028, 1007",
        "not UTF-8 in a close reason, 88830000000003E8FF, 1007"
    })
    void faultsCloseWithTheirCode(String name, String hex, int code) throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.frame(0x81, "sound"), java.util.HexFormat.of().parseHex(hex));
            assertEquals("text sound", listener.message());
            RawClient.Received received = client.read();
            assertEquals(8, received.opcode());
            assertEquals(code, received.closeCode());
            assertTrue(client.isCut());
            assertEquals(code, listener.closeStatus().code());
            assertEquals(List.of("open", "text sound", ".", "error", "close " + code), listener.calls);
        }
    }

    @Test
    void peerThatContinuesAfterAFaultGetsTheCode() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            byte[] chunk = new byte[64 * 1024];
            client.send(RawClient.header(0x82, 100L * chunk.length));
            for (int i = 0; i < 100; i++) {
                client.send(chunk);
            }
            assertEquals(1009, client.read().closeCode());
            assertTrue(client.isCut());
            assertEquals(1009, listener.closeStatus().code());
        }
    }

    @Test
    void tooManyFragmentsAreTooLarge() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.frame(0x01, ""));
            for (int i = 0; i < PLAIN.maxFragments(); i++) {
                client.send(RawClient.frame(0x00, "x"));
            }
            assertEquals(1009, client.read().closeCode());
            assertEquals(1009, listener.closeStatus().code());
        }
    }

    @Test
    void fragmentsMayNotAddUpToMoreThanTheLimit() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.frame(0x02, new byte[65536]));
            client.send(RawClient.header(0x80, 1));
            assertEquals(1009, client.read().closeCode());
            assertEquals(1009, listener.closeStatus().code());
        }
    }

    @Test
    void peersCloseIsAnsweredAndEndsTheConnection() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.frame(0x88, new byte[] {0x0F, (byte) 0xA1, 'w', 'h', 'y'}));
            assertEquals(4001, client.read().closeCode());
            assertTrue(client.isCut());
            assertEquals(new CloseStatus(4001, "why"), listener.closeStatus());
        }
    }

    @Test
    void peersCloseWithoutCodeIs1005() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.frame(0x88, ""));
            assertArrayEquals(new byte[0], client.read().payload());
            assertTrue(client.isCut());
            assertEquals(CloseStatus.NO_STATUS, listener.closeStatus());
        }
    }

    @Test
    void endWithoutCloseIs1006() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.socket.shutdownOutput();
            assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
            assertTrue(client.isCut());
        }
    }

    @Test
    void nothingIsDeliveredAfterTheClose() throws Exception {
        try (RawClient client = RawClient.open(start())) {
            client.send(RawClient.close(1001), RawClient.frame(0x81, "too late"));
            assertEquals(1001, client.read().closeCode());
            assertEquals(1001, listener.closeStatus().code());
            assertTrue(client.isCut());
            assertEquals(List.of("open", ".", "close 1001"), listener.calls);
        }
    }
}
