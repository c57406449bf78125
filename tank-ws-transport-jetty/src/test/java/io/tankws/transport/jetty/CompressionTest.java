package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Frame;
import io.tankws.spi.AcceptOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest extends TransportTestBase {
    private static final AcceptOptions COMPRESSED = AcceptOptions.builder()
            .compression(true)
            .bufferSizes(4096, 16384)
            .maxFragments(16)
            .build();
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

    private static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(data);
        byte[] result = new byte[1 << 20];
        int length = deflater.deflate(result, 0, result.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(result, length - 4);
    }

    private static String head(RawClient client, String... headers) throws Exception {
        client.send(RawClient.upgrade("/ws", headers));
        return client.readHead();
    }

    @Test
    void isAgreedOnOnlyWhereAllowed() throws Exception {
        start();
        try (RawClient client = new RawClient(transport.address())) {
            String head = head(client, OFFER);
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertFalse(head.contains("Extensions"), head);
            client.send(RawClient.frame(0xC1, deflate(new byte[] {'x'})));
            assertEquals(1002, client.read().closeCode());
        }
    }

    @Test
    void worksBothWays() throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            String head = head(client, OFFER);
            assertTrue(head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"), head);
            client.send(RawClient.frame(0xC1, deflate("x".repeat(60_000).getBytes())));
            assertEquals("text " + "x".repeat(60_000), listener.message());
            client.send(RawClient.frame(0x81, "not compressed"));
            assertEquals("text not compressed", listener.message());
            listener.connection().write(List.of(text("y".repeat(1000)), text("z")), failure -> {});
            RawClient.Received received = client.read();
            assertEquals(0xC1, received.first());
            Inflater inflater = new Inflater(true);
            inflater.setInput(received.payload());
            assertEquals(1000, inflater.inflate(new byte[2000]));
            inflater.end();
            assertEquals(0xC1, client.read().first());
        }
    }

    @Test
    void inflatedSizeIsBounded() throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER);
            client.send(RawClient.frame(0xC2, deflate(new byte[10_000_000])));
            assertEquals(1009, client.read().closeCode());
            assertEquals(1009, listener.closeStatus().code());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20_000})
    void inflatedTextThatIsNotUtf8IsAFaultOfThePeer(int length) throws Exception {
        byte[] text = new byte[length];
        Arrays.fill(text, (byte) 'x');
        text[length - 1] = (byte) 0xC3;
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER);
            client.send(RawClient.frame(0xC1, deflate(text)));
            assertEquals(1007, client.read().closeCode());
            assertEquals(1007, listener.closeStatus().code());
            assertTrue(listener.messages.isEmpty());
        }
    }

    @Test
    void garbageIsAFaultOfThePeer() throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER);
            client.send(RawClient.frame(0xC2, new byte[] {-1, -1, -1, -1, -1, -1}));
            assertEquals(1007, client.read().closeCode());
            assertEquals(1007, listener.closeStatus().code());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-unknown",
                "permessage-deflate; nonsense=1",
                "permessage-deflate; @deflate_buffer_size=1",
                "identity",
                "@fragment",
                ";;;,,==\"",
                "fragment; maxLength=1"
            })
    void otherOffersAreDeclined(String offer) throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            String head = head(client, "Sec-WebSocket-Extensions: " + offer);
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertFalse(head.contains("Extensions"), head);
        }
    }

    @Test
    void theFirstOfferThatCanBeServedIsTaken() throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            String head = head(
                    client,
                    "Sec-WebSocket-Extensions: x-unknown, permessage-deflate; nonsense",
                    "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover");
            assertTrue(
                    head.contains("Sec-WebSocket-Extensions: permessage-deflate;server_no_context_takeover\r\n"), head);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "; client_no_context_takeover", "; server_no_context_takeover"})
    void aPingBetweenFragmentsChangesNothing(String parameters) throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER + parameters);
            byte[] data = deflate("y".repeat(100).getBytes());
            client.send(
                    RawClient.frame(0x41, Arrays.copyOf(data, 3)),
                    RawClient.frame(0x89, "p"),
                    RawClient.frame(0x80, Arrays.copyOfRange(data, 3, data.length)));
            assertEquals("ping p", listener.message());
            assertEquals("text " + "y".repeat(100), listener.message());
        }
    }

    private void checkAnswer(String answer, String... headers) throws Exception {
        try (RawClient client = new RawClient(transport.address())) {
            String[] lines = Arrays.stream(headers)
                    .map(header -> "Sec-WebSocket-Extensions: " + header)
                    .toArray(String[]::new);
            String head = head(client, lines);
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            String line = head.lines()
                    .filter(field -> field.startsWith("Sec-WebSocket-Extensions"))
                    .findFirst()
                    .orElse("");
            assertEquals(answer.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + answer, line);
        }
    }

    @Test
    void valuesAreNegotiatedAndNotOnlyNames() throws Exception {
        start(accepting(COMPRESSED));
        for (String parameter : List.of(
                "server_max_window_bits",
                "server_max_window_bits=7",
                "server_max_window_bits=9",
                "server_max_window_bits=16",
                "server_max_window_bits=08",
                "client_max_window_bits=16",
                "client_max_window_bits; client_max_window_bits",
                "server_no_context_takeover=1",
                "unknown")) {
            checkAnswer("", "permessage-deflate; " + parameter);
            checkAnswer("permessage-deflate", "permessage-deflate; " + parameter + ", permessage-deflate");
            checkAnswer("permessage-deflate", "permessage-deflate; " + parameter, "x-other, permessage-deflate");
        }
        checkAnswer(
                "permessage-deflate;server_max_window_bits=15", "permessage-deflate; server_max_window_bits=\"15\"");
        checkAnswer(
                "permessage-deflate;server_no_context_takeover;client_no_context_takeover",
                "permessage-deflate; client_no_context_takeover; server_no_context_takeover");
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** An inflater that has ended at a final block takes no more input on its own (RFC 7692 section 7.2.3.4). */
    @Test
    void messagesAfterAFinalBlockAreNotLost() throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER);
            for (int i = 0; i < 3; i++) {
                client.send(
                        RawClient.frame(0xC1, hex("f348cdc9c9070000")),
                        RawClient.frame(0xC1, hex("f200110000")),
                        RawClient.frame(0xC1, hex("00")),
                        RawClient.frame(0x81, "plain"),
                        RawClient.frame(0xC2, hex("f348cdc9c90700f248cdc9c90700")),
                        RawClient.frame(0x41, hex("f348")),
                        RawClient.frame(0x89, "p"),
                        RawClient.frame(0x00, hex("")),
                        RawClient.frame(0x80, hex("cdc9c9070000")));
                assertEquals("text Hello", listener.message());
                assertEquals("text Hello", listener.message());
                assertEquals("text ", listener.message());
                assertEquals("text plain", listener.message());
                assertEquals("binary 10", listener.message());
                assertEquals("ping p", listener.message());
                assertEquals("text Hello", listener.message());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "f248cdc9", "f348cdc9c90700", "f348cdc9c90700ffff", "f200110000", "07", "000500faff4865"})
    void invalidDataIsNeverDroppedSilently(String digits) throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER);
            client.send(RawClient.frame(0xC1, hex(digits)), RawClient.frame(0xC1, hex("f248cdc9c90700")));
            assertEquals(1007, client.read().closeCode());
            assertEquals(1007, listener.closeStatus().code());
            assertTrue(listener.messages.isEmpty());
        }
    }

    @Test
    void theCompressionBitBelongsToTheFirstFrame() throws Exception {
        start(accepting(COMPRESSED));
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER);
            client.send(RawClient.frame(0x41, hex("f248")), RawClient.frame(0xC0, hex("cdc9c90700")));
            assertEquals(1002, client.read().closeCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "; server_no_context_takeover"})
    void largeAndEmptyMessagesLeaveAsOneFrameEach(String parameters) throws Exception {
        start(accepting(COMPRESSED));
        byte[] noise = new byte[100_000];
        new Random(2).nextBytes(noise);
        List<byte[]> messages = List.of(new byte[0], noise, new byte[50_000], new byte[0], new byte[0], noise);
        try (RawClient client = new RawClient(transport.address())) {
            head(client, OFFER + parameters);
            listener.connection()
                    .write(
                            messages.stream()
                                    .map(bytes -> Frame.of(Frame.Opcode.BINARY, ByteBuffer.wrap(bytes)))
                                    .toList(),
                            failure -> {});
            Inflater inflater = new Inflater(true);
            for (byte[] message : messages) {
                RawClient.Received received = client.read();
                assertEquals(0xC2, received.first());
                if (!parameters.isEmpty()) {
                    inflater.reset();
                }
                byte[] payload = Arrays.copyOf(received.payload(), received.payload().length + 4);
                payload[payload.length - 2] = -1;
                payload[payload.length - 1] = -1;
                inflater.setInput(payload);
                byte[] result = new byte[message.length + 1];
                assertEquals(message.length, inflater.inflate(result));
                assertArrayEquals(message, Arrays.copyOf(result, message.length));
            }
            inflater.end();
        }
    }
}
