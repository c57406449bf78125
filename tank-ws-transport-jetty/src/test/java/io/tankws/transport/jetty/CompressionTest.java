package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.spi.Acceptance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest extends TransportCase {
    private static final Acceptance COMPRESSED = new Acceptance(Optional.empty(), true, 4096, 16384, 65536, 16);
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
    void aPingBetweenFragmentsDisturbsNothing(String parameters) throws Exception {
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
}
