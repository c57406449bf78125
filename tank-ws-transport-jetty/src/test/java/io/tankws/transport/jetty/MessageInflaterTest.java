package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.spi.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageInflaterTest {
    private static final String HELLO = "f248cdc9c90700";
    private static final String FINAL_HELLO = "f348cdc9c90700";
    /** Refers to the text before it (RFC 7692 section 7.2.3.2). */
    private static final String HELLO_AGAIN = "f200110000";

    private int held;

    /** Keeps none, because it is not started. */
    private final InflaterPool pool = new InflaterPool(8, true) {
        @Override
        protected Inflater newPooled() {
            held++;
            return super.newPooled();
        }

        @Override
        protected void end(Inflater inflater) {
            held--;
            super.end(inflater);
        }
    };

    private final MessageInflater inflater = new MessageInflater(pool, true);

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** Inflates a message that comes in pieces of the given size. */
    private static byte[] inflate(MessageInflater inflater, byte[] payload, int piece) throws ProtocolException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean[] ended = {false};
        MessageInflater.Receiver receiver = (bytes, last) -> {
            assertFalse(ended[0], "nothing follows the last chunk");
            byte[] chunk = new byte[bytes.remaining()];
            bytes.get(chunk);
            out.writeBytes(chunk);
            ended[0] = last;
        };
        int at = 0;
        do {
            int end = Math.min(payload.length, at + piece);
            inflater.inflate(ByteBuffer.wrap(payload, at, end - at), end == payload.length, receiver);
            at = end;
        } while (at < payload.length);
        assertTrue(ended[0], "the message has ended");
        return out.toByteArray();
    }

    private String text(String digits) throws ProtocolException {
        return new String(inflate(inflater, hex(digits), Integer.MAX_VALUE), StandardCharsets.UTF_8);
    }

    private int code(byte[] payload, int piece) {
        return assertThrows(ProtocolException.class, () -> inflate(inflater, payload, piece))
                .closeStatus()
                .code();
    }

    /** Compresses with a deflater that may have seen earlier messages. */
    private static byte[] deflate(Deflater deflater, byte[] data, int flush) {
        deflater.setInput(data);
        byte[] result = new byte[2 * data.length + 1000];
        int length = deflater.deflate(result, 0, result.length, flush);
        return Arrays.copyOf(result, length - 4);
    }

    private static byte[] words(int length, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) ('a' + random.nextInt(26)))
                    .append(random.nextInt(50))
                    .append(' ');
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        HELLO + ", Hello",
        "000500faff48656c6c6f00, Hello",
        "010500faff48656c6c6f00, Hello",
        FINAL_HELLO + "00, Hello",
        FINAL_HELLO + "01, Hello",
        "f24805000000ffffcac9c90700, Hello",
        "00, ''",
        "01, ''",
        "0200, ''",
        "030000, ''",
        "0300030001, ''",
        "010000ffff00, ''",
        "000000ffff00, ''",
        "000000ffff000000ffff00, ''",
        "000000ffff" + HELLO + ", Hello",
        "0300" + HELLO + ", Hello",
        HELLO + "0000ffff00, Hello",
        HELLO + "0000ffff" + FINAL_HELLO + "00, HelloHello",
        FINAL_HELLO + HELLO + ", HelloHello",
        FINAL_HELLO + FINAL_HELLO + "00, HelloHello",
        FINAL_HELLO + HELLO_AGAIN + ", HelloHello",
        FINAL_HELLO + "000500faff48656c6c6f00, HelloHello"
    })
    void eachLegalShapeInflatesInPiecesOfAnySize(String digits, String expected) throws Exception {
        for (int piece = 1; piece <= digits.length() / 2; piece++) {
            MessageInflater fresh = new MessageInflater(pool, true);
            byte[] result = inflate(fresh, hex(digits), piece);
            assertEquals(expected, new String(result, StandardCharsets.US_ASCII));
            assertEquals("Hello", new String(inflate(fresh, hex(HELLO), 1), StandardCharsets.US_ASCII));
            fresh.close();
        }
    }

    @Test
    void laterMessagesMayReferToEarlierOnes() throws Exception {
        assertEquals("Hello", text(HELLO));
        assertEquals("Hello", text(HELLO_AGAIN));
        assertEquals("Hello", text(FINAL_HELLO + "00"));
        assertEquals("Hello", text(HELLO_AGAIN));
        assertEquals("", text("00"));
        assertEquals("", text("030001"));
        assertEquals("Hello", text(HELLO_AGAIN));
    }

    @Test
    void theWindowHolds32KiBInPiecesOfAnySize() throws Exception {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        for (int round = 0; round < 40; round++) {
            int length = round % 3 == 0 ? 70_000 : round * 997;
            byte[] data = words(length, round % 5);
            int flush = round % 2 == 0 ? Deflater.SYNC_FLUSH : Deflater.FULL_FLUSH;
            byte[] payload = deflate(deflater, data, flush);
            assertArrayEquals(data, inflate(inflater, payload.length == 0 ? hex("00") : payload, 1 + round * 100));
        }
        deflater.end();
    }

    @Test
    void incompressibleDataInflatesToo() throws Exception {
        Deflater deflater = new Deflater(Deflater.NO_COMPRESSION, true);
        byte[] noise = new byte[200_000];
        new Random(1).nextBytes(noise);
        assertArrayEquals(noise, inflate(inflater, deflate(deflater, noise, Deflater.SYNC_FLUSH), 4096));
        deflater.end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ff",
                "ffffffffffff",
                "06",
                "07",
                "f2",
                FINAL_HELLO,
                FINAL_HELLO + "ffffff",
                FINAL_HELLO + "0000",
                FINAL_HELLO + "68656c6c6f",
                HELLO + "00",
                HELLO + "0000ffff",
                HELLO_AGAIN,
                "000500ffff48656c6c6f00",
                "000500faff48656c6c6f",
                "000500faff48656c",
                "0000",
                "000000",
                "000000ff",
                "000000ffff",
                "0300",
                "03"
            })
    void everyOtherShapeIs1007(String digits) {
        byte[] payload = hex(digits);
        assertEquals(1007, code(payload, Integer.MAX_VALUE));
        inflater.close();
    }

    @Test
    void aTruncatedMessageIs1007() throws Exception {
        for (int round = 0; round < 12; round++) {
            // One block each, so that no prefix of it is a message.
            Deflater deflater = new Deflater(1 + round % 9, true);
            byte[] whole = deflate(deflater, words(2000, round), Deflater.SYNC_FLUSH);
            deflater.end();
            for (int length = 0; length < whole.length; length++) {
                MessageInflater fresh = new MessageInflater(pool, true);
                byte[] cut = Arrays.copyOf(whole, length);
                ProtocolException fault = assertThrows(
                        ProtocolException.class, () -> inflate(fresh, cut, 1000), round + " cut at " + length);
                assertEquals(1007, fault.closeStatus().code());
                fresh.close();
            }
        }
    }

    @Test
    void withoutContextTakeoverEachMessageStandsAlone() throws Exception {
        MessageInflater alone = new MessageInflater(pool, false);
        assertEquals("HelloHello", new String(inflate(alone, hex(FINAL_HELLO + HELLO_AGAIN), 3)));
        ProtocolException fault =
                assertThrows(ProtocolException.class, () -> inflate(alone, hex(HELLO_AGAIN), Integer.MAX_VALUE));
        assertEquals(1007, fault.closeStatus().code());
        alone.close();
    }

    @Test
    void finalBlocksAreBounded() throws Exception {
        assertEquals("", text("0300".repeat(MessageInflater.MAX_FINAL_BLOCKS) + "00"));
        assertEquals(1009, code(hex("0300".repeat(MessageInflater.MAX_FINAL_BLOCKS + 1) + "00"), 1000));
    }

    @Test
    void theReceiverStopsABombAtItsLimit() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] bomb = deflate(deflater, new byte[10_000_000], Deflater.SYNC_FLUSH);
        deflater.end();
        int[] received = {0};
        ProtocolException fault = assertThrows(
                ProtocolException.class,
                () -> inflater.inflate(ByteBuffer.wrap(bomb), true, (chunk, last) -> {
                    received[0] += chunk.remaining();
                    if (received[0] > 100_000) {
                        throw new ProtocolException(CloseStatus.MESSAGE_TOO_BIG, "too large");
                    }
                }));
        assertEquals(1009, fault.closeStatus().code());
        assertTrue(received[0] < 120_000, "inflated " + received[0]);
    }

    @Test
    void aClosedInflaterEndsNoMessageAndHoldsNone() throws Exception {
        inflater.inflate(ByteBuffer.wrap(hex("f248")), false, (chunk, last) -> {});
        assertEquals(1, held);
        inflater.close();
        assertEquals(0, held);
        inflater.inflate(ByteBuffer.wrap(hex("cdc9c90700")), true, (chunk, last) -> assertFalse(last));
        assertEquals(0, held);
    }

    @Test
    void anInflaterIsHeldOnlyWithinAMessage() throws Exception {
        text(HELLO);
        assertEquals(0, held);
        inflater.inflate(ByteBuffer.wrap(hex("f248")), false, (chunk, last) -> {});
        assertEquals(1, held);
        text("cdc9c90700");
        assertEquals(0, held);
    }
}
