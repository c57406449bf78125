package io.tankws.transport.javawebsocket;

import static io.tankws.transport.javawebsocket.RawClient.closePayload;
import static io.tankws.transport.javawebsocket.RawClient.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import io.tankws.spi.TransportHandshake;
import io.tankws.transport.javawebsocket.RawClient.Received;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameTest extends Fixture {
    @Override
    ClientLimits clientLimits() {
        return ClientLimits.builder().maxMessageBytes(100_000).maxFragments(4).build();
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("unmasked", 1002, new byte[] {(byte) 0x81, 1, 'a'}),
                Arguments.of("reserved bit 1", 1002, frame(0xC1, (byte) 'a')),
                Arguments.of("reserved bit 2", 1002, frame(0xA1, (byte) 'a')),
                Arguments.of("reserved bit 3", 1002, frame(0x91, (byte) 'a')),
                Arguments.of("reserved bit on a ping", 1002, frame(0xC9)),
                Arguments.of("reserved opcode 3", 1002, frame(0x83)),
                Arguments.of("reserved opcode 7", 1002, frame(0x87)),
                Arguments.of("reserved opcode 11", 1002, frame(0x8B)),
                Arguments.of("reserved opcode 15", 1002, frame(0x8F)),
                Arguments.of("ping of 126 bytes", 1002, frame(0x89, new byte[126])),
                Arguments.of("close of 126 bytes", 1002, frame(0x88, new byte[126])),
                Arguments.of("fragmented ping", 1002, frame(0x09)),
                Arguments.of("length in too many bytes", 1002, bytes(0x82, 0xFE, 0, 125)),
                Arguments.of("length in far too many bytes", 1002, bytes(0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF)),
                Arguments.of("length with its top bit set", 1002, bytes(0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0)),
                Arguments.of("continuation of nothing", 1002, frame(0x80, (byte) 'a')),
                Arguments.of("message inside a message", 1002, concat(frame(0x01), frame(0x81))),
                Arguments.of("text that is not UTF-8", 1007, frame(0x81, (byte) 0xFF)),
                Arguments.of("text that ends inside a character", 1007, frame(0x81, (byte) 0xC3)),
                Arguments.of("text not UTF-8 before its end", 1007, frame(0x01, (byte) 0xC3, (byte) 0x28)),
                Arguments.of("huge length", 1009, bytes(0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0)),
                Arguments.of("length above the limit", 1009, bytes(0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0x86, 0xA1)),
                Arguments.of(
                        "fragments above the limit",
                        1009,
                        concat(frame(0x02, new byte[60_000]), frame(0, new byte[40_001]))),
                Arguments.of("too many fragments", 1009, concat(frame(0x02), frame(0), frame(0), frame(0), frame(0))),
                Arguments.of("close of one byte", 1002, frame(0x88, (byte) 3)),
                Arguments.of("close with a reason not UTF-8", 1007, frame(0x88, (byte) 3, (byte) 0xE8, (byte) 0xFF)));
    }

    private static byte[] bytes(int... values) {
        byte[] result = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (byte) values[i];
        }
        return result;
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Stream.of(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void violationIsReportedAndCloses(String what, int code, byte[] wire) throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendText("sound").send(wire);
            recorder.expect("text sound");
            Received close = client.readFrame();
            assertEquals(0x88, close.first());
            assertEquals(code, close.closeCode());
            assertEquals("", client.readAll());
        }
        assertTrue(recorder.next().startsWith("error "));
        assertTrue(recorder.closed().startsWith(code + " "));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    void invalidCloseCodeIsAViolation(int code) throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendFrame(0x88, closePayload(code, ""));
            assertEquals(1002, client.readFrame().closeCode());
            assertEquals("", client.readAll());
        }
        assertEquals("1002 invalid close code", recorder.closed());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999})
    void closeGetsTheSameStatusAndTheSocketIsClosed(int code) throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendFrame(0x88, closePayload(code, "tschüss"));
            Received close = client.readFrame();
            assertEquals(code, close.closeCode());
            assertEquals("", client.readAll());
            recorder.expect("close " + code + " tschüss");
        }
        Listeners.awaitNoPeers(transport);
    }

    @Test
    void closeWithoutCodeIsAnsweredWithoutCode() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendFrame(0x88);
            assertEquals(0, client.readFrame().payload().length);
            recorder.expect("close 1005 ");
        }
    }

    @Test
    void bytesAfterACloseAreIgnored() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.send(concat(frame(0x88, closePayload(1000, "")), frame(0x81, (byte) 'x'), new byte[50_000]));
            assertEquals(1000, client.readFrame().closeCode());
            assertEquals("", client.readAll());
        }
        recorder.expect("close 1000 ");
        assertEquals(0, recorder.events.size());
    }

    @Test
    void closeFrameCountsIfTheSocketEndsRightAfterIt() throws Exception {
        accepting();
        for (int i = 0; i < 50; i++) {
            RawClient client = upgraded();
            client.send(concat(frame(0x81, (byte) 'x'), frame(0x88, closePayload(1000, ""))));
            client.close();
            recorder.expect("text x", "close 1000 ");
        }
    }

    @Test
    void endWithoutACloseFrameIsAbnormal() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            client.sendText("last").socket.shutdownOutput();
            recorder.expect("text last", "close 1006 ");
            assertEquals("", client.readAll());
        }
    }

    @Test
    void ownCloseWaitsForTheReply() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            recorder.open().close(new CloseStatus(4000, "enough"));
            recorder.open().close(CloseStatus.NORMAL);
            assertEquals(4000, client.readFrame().closeCode());
            client.sendText("still").sendFrame(0x88, closePayload(4001, "too"));
            recorder.expect("text still", "close 4001 too");
            assertEquals("", client.readAll());
        }
    }

    @Test
    void messagesAreWholeInPiecesOfAnySize() throws Exception {
        accepting();
        String umlauts = "grüße \uD83D\uDE00";
        byte[] utf8 = umlauts.getBytes(StandardCharsets.UTF_8);
        List<byte[]> parts = new ArrayList<>(List.of(
                frame(0x01),
                frame(0x00, java.util.Arrays.copyOfRange(utf8, 0, 3)),
                frame(0x89, (byte) 'p'),
                frame(0x80, java.util.Arrays.copyOfRange(utf8, 3, utf8.length)),
                frame(0x8A, (byte) 'q'),
                frame(0x81),
                frame(0x82, new byte[125]),
                frame(0x82, new byte[126]),
                frame(0x82, new byte[3000])));
        byte[] wire = concat(parts.toArray(new byte[0][]));
        try (RawClient client = upgraded()) {
            for (int size : new int[] {1, 2, 3, 5, 7, 1000, wire.length}) {
                for (int from = 0; from < wire.length; from += size) {
                    client.send(java.util.Arrays.copyOfRange(wire, from, Math.min(wire.length, from + size)));
                }
                recorder.expect(
                        "ping p", "text " + umlauts, "pong q", "text ", "binary 125", "binary 126", "binary 3000");
            }
            client.sendFrame(0x82, new byte[100_000]).sendFrame(0x82, new byte[65_535]);
            recorder.expect("binary 100000", "binary 65535");
        }
    }

    @Test
    void payloadIsUnmasked() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            for (int length = 0; length < 40; length++) {
                String text = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH".substring(0, length);
                byte[] wire = frame(0x81, text.getBytes());
                int cut = Math.min(wire.length, 6 + length / 3);
                client.send(java.util.Arrays.copyOfRange(wire, 0, cut));
                client.send(java.util.Arrays.copyOfRange(wire, cut, wire.length));
                recorder.expect("text " + text);
            }
        }
    }

    @Test
    void answersOfTheSameReadLeaveBeforeTheCloseFrame() throws Exception {
        Recorder echo = new Recorder() {
            @Override
            public void onReadComplete() {
                super.onReadComplete();
                if (events.removeIf("text hi"::equals)) {
                    connection.join().write(List.of(text("echo")), failure -> {});
                }
            }
        };
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), echo));
        try (RawClient client = client().send(RawClient.request(PATH))) {
            client.readHead();
            client.send(concat(frame(0x81, "hi".getBytes()), frame(0x88, closePayload(1000, ""))));
            assertEquals("echo", client.readFrame().text());
            assertEquals(1000, client.readFrame().closeCode());
        }
    }

    @Test
    void eachReadIsFollowedByReadComplete() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            for (int i = 1; i <= 5; i++) {
                client.sendText("m");
                recorder.expect("text m");
                int expected = i;
                await(() -> recorder.reads.get() == expected);
            }
            client.send((byte) 0x81);
            await(() -> recorder.reads.get() == 6);
        }
    }

    @Test
    void pausedConnectionReadsNothingAndCostsNothing() throws Exception {
        accepting();
        try (RawClient client = upgraded();
                RawClient other = client()) {
            Connection connection = recorder.open();
            connection.pauseReading();
            client.sendText("a").sendText("b");
            // Another peer makes the selector visit its keys.
            other.send("GET");
            awaitQuiet();
            assertEquals(0, recorder.reads.get());
            connection.resumeReading();
            recorder.expect("text a", "text b");
            connection.pauseReading();
            connection.resumeReading();
            client.sendText("c");
            recorder.expect("text c");
        }
    }

    @Test
    void reportsPendingInput() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            Connection connection = recorder.open();
            await(() -> !connection.hasPendingInput());
            connection.pauseReading();
            client.sendText("a");
            await(connection::hasPendingInput);
            connection.resumeReading();
            recorder.expect("text a");
            await(() -> !connection.hasPendingInput());
        }
    }

    /** Waits until the process uses less than half a processor, which it never does while the selector spins. */
    private void awaitQuiet() throws InterruptedException {
        long before;
        int rounds = 20;
        do {
            assertTrue(rounds-- > 0, "the selector spins");
            before = cpuMillis();
            assertNull(recorder.events.poll(500, TimeUnit.MILLISECONDS));
        } while (cpuMillis() - before > 250);
    }

    private static long cpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }

    @Test
    void pauseInsideACallDelaysAtMostOneRead() throws Exception {
        Recorder pausing = new Recorder() {
            @Override
            public void onBinary(ByteBuffer payload) {
                connection.join().pauseReading();
                super.onBinary(payload);
            }
        };
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), pausing));
        try (RawClient client = client().send(RawClient.request(PATH))) {
            client.readHead();
            pausing.expect("open");
            for (int i = 0; i < 100; i++) {
                client.sendFrame(0x82, new byte[2000]);
            }
            await(() -> pausing.reads.get() >= 1);
            // The server would answer a ping after the data if it continued to read.
            int first = pausing.events.size();
            assertTrue(first <= 9, first + " messages came");
            for (int i = 0; i < 100; i++) {
                pausing.open().resumeReading();
                String event = pausing.next();
                assertEquals("binary 2000", event);
            }
        }
    }

    @Test
    void closingConnectionContinuesToReadDespiteAPause() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            recorder.open().pauseReading();
            recorder.open().close(CloseStatus.NORMAL);
            recorder.open().pauseReading();
            assertEquals(1000, client.readFrame().closeCode());
            client.sendFrame(0x88, closePayload(1000, ""));
            recorder.expect("close 1000 ");
        }
    }

    @Test
    void writtenFramesArriveInOrder() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            Connection connection = recorder.open();
            assertTrue(
                    write(connection, text("a"), Frame.of(Frame.Opcode.PING, ByteBuffer.wrap(new byte[3])), text("b"))
                            .get(10, TimeUnit.SECONDS)
                            .isEmpty());
            assertEquals("a", client.readFrame().text());
            assertEquals(0x89, client.readFrame().first());
            assertEquals("b", client.readFrame().text());
        }
    }
}
