package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.spi.AcceptOptions;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The values that {@link CloseStatus}, {@link Refusal} and similar types accept and reject. */
class ValuesTest {
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 1013, 1014, 3000, 4999})
    void closeCodesThatMayBeSent(int code) {
        assertTrue(new CloseStatus(code, "").isSendable());
    }

    @ParameterizedTest
    @ValueSource(ints = {1004, 1005, 1006, 1015, 1016, 2999})
    void closeCodesThatMayNot(int code) {
        assertFalse(new CloseStatus(code, "").isSendable());
    }

    @Test
    void closeStatusHasBounds() {
        assertThrows(IllegalArgumentException.class, () -> new CloseStatus(999, ""));
        assertThrows(IllegalArgumentException.class, () -> new CloseStatus(5000, ""));
        assertEquals(123, new CloseStatus(1000, "x".repeat(123)).reason().length());
        assertThrows(IllegalArgumentException.class, () -> new CloseStatus(1000, "ü".repeat(62)));
    }

    @Test
    void anAuthenticationHasAnIdentityOnlyIfOneIsGiven() {
        Identity identity = new Identity("ann");
        assertEquals(new Authentication.Accepted(), Authentication.accepted());
        assertEquals(new Authentication.AcceptedAs(identity), Authentication.accepted(identity));
        assertThrows(NullPointerException.class, () -> Authentication.accepted(null));
    }

    @Test
    void refusalsAreErrorsAndCannotSmuggleHeaders() {
        assertThrows(IllegalArgumentException.class, () -> new Refusal(200, "fine"));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "a\r\nb"));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "", Map.of("A", "1\r\nB: 2")));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "", Map.of("A B", "1")));
        assertEquals(401, Refusal.unauthorized().status());
        assertTrue(Refusal.unauthorized().headers().containsKey("WWW-Authenticate"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "content-length",
                "Transfer-Encoding",
                "TRANSFER-ENCODING",
                "Content-Encoding",
                "Content-Range",
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Upgrade",
                "Sec-WebSocket-Accept",
                "Sec-WebSocket-Key",
                "sec-websocket-extensions",
                "Sec-WebSocket-Protocol"
            })
    void refusalsLeaveFramingToTheTransport(String name) {
        for (String value : List.of("0", "chunked", "close")) {
            assertThrows(IllegalArgumentException.class, () -> new Refusal(403, "no", Map.of(name, value)));
        }
    }

    @Test
    void theHeadersOfARefusalAreBounded() {
        String half = "x".repeat(Refusal.MAX_HEADER_BYTES / 2 - 5);
        assertEquals(
                2,
                new Refusal(403, "no", Map.of("A", half, "B", half)).headers().size());
        assertThrows(IllegalArgumentException.class, () -> new Refusal(403, "no", Map.of("A", half, "B", half + "x")));
    }

    @Test
    void refusalsMayHaveOtherHeaders() {
        for (String name : List.of(
                "WWW-Authenticate",
                "Retry-After",
                "Allow",
                "Location",
                "X-Why",
                "Content-Type",
                "Date",
                "Set-Cookie")) {
            assertEquals(
                    "1", new Refusal(403, "no", Map.of(name, "1")).headers().get(name));
        }
        assertEquals(
                "websocket",
                new Refusal(426, "no", Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13"))
                        .headers()
                        .get("Upgrade"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r", "\n", "\r\n", "a\r\nB: 2", "a\r\n\r\nb", "\0", "a\0b", "\u0001", "\u001B[0m", "\u007F", "\u0085",
                "\u009B", "\u0100", "\u010A", "\u010D", "\u20AC", "\u560A", "\u560D", "\u2028", "\u202E",
                        "\uD83D\uDE00", "\uD800"
            })
    void noTextOfARefusalBreaksItsLine(String text) {
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, text));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "a" + text + "b"));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "", Map.of("A", text)));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "", Map.of("A", "a" + text)));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "", Map.of("A" + text, "1")));
        assertThrows(IllegalArgumentException.class, () -> Upgrader.defaults().withSubprotocols("a" + text));
        assertThrows(
                IllegalArgumentException.class, () -> AcceptOptions.builder().subprotocol("a" + text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "A B", "A:", "A:B", "(A)", "A,B", "\u00e4", "\u0391", "A/B", "\"A\"", "A@B", "{A}"})
    void namesOfHeadersAndSubprotocolsAreTokens(String name) {
        assertThrows(IllegalArgumentException.class, () -> new Refusal(400, "", Map.of(name, "1")));
        assertThrows(IllegalArgumentException.class, () -> Upgrader.defaults().withSubprotocols(name));
        assertThrows(
                IllegalArgumentException.class, () -> AcceptOptions.builder().subprotocol(name));
    }

    @Test
    void refusalsKeepLatin1AndRefuseAHeaderThatComesTwice() {
        Refusal refusal = new Refusal(403, "\u00e4 ~ \u00ff", Map.of("A", "\u00e4\t\u00ff"));
        assertEquals("\u00e4 ~ \u00ff", refusal.reason());
        assertEquals("\u00e4\t\u00ff", refusal.headers().get("A"));
        assertThrows(IllegalArgumentException.class, () -> new Refusal(403, "", Map.of("A", "1", "a", "2")));
        assertThrows(NullPointerException.class, () -> new Refusal(403, null));
        assertThrows(NullPointerException.class, () -> new Refusal(403, "", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "\uDC00", "a\uD83D", "\uDE00\uD83D"})
    void closeReasonsAreEncodable(String reason) {
        assertThrows(IllegalArgumentException.class, () -> new CloseStatus(4000, reason));
    }

    @Test
    void closeReasonsAreCountedInBytes() {
        assertEquals(
                30,
                new CloseStatus(4000, "\uD83D\uDE00".repeat(30))
                        .reason()
                        .codePoints()
                        .count());
        assertThrows(IllegalArgumentException.class, () -> new CloseStatus(4000, "\uD83D\uDE00".repeat(31)));
        assertThrows(IllegalArgumentException.class, () -> new CloseStatus(4000, "x".repeat(124)));
        assertThrows(NullPointerException.class, () -> new CloseStatus(4000, null));
    }

    @Test
    void upgraderChecksItsParts() {
        Upgrader upgrader = Upgrader.defaults().withReadBufferSize(256).withSubprotocols("chat", "tank.v2");
        assertEquals(256, upgrader.readBufferSize());
        assertEquals(List.of("chat", "tank.v2"), upgrader.subprotocols());
        assertFalse(upgrader.compression());
        assertEquals(Compression.OFF, upgrader.compressionUse());
        assertEquals(Compression.IF_AVAILABLE, upgrader.withCompression(true).compressionUse());
        assertTrue(upgrader.withCompression(Compression.REQUIRED).compression());
        assertThrows(IllegalArgumentException.class, () -> upgrader.withWriteBufferSize(255));
        assertThrows(IllegalArgumentException.class, () -> upgrader.withReadBufferSize((1 << 20) + 1));
        assertThrows(IllegalArgumentException.class, () -> upgrader.withSubprotocols("a b"));
    }

    @Test
    void identityHasAUser() {
        assertThrows(IllegalArgumentException.class, () -> new Identity(""));
    }

    @Test
    void listenExceptionNamesTheAddressAndTheCause() {
        IOException wrapped = new IOException("Failed", new BindException("Address already in use"));
        assertEquals(
                "cannot listen on 127.0.0.1:80: Address already in use",
                new ListenException("127.0.0.1", 80, wrapped).getMessage());
    }

    @Test
    void errorCodesAreThoseOfTheGoLibrary() {
        assertEquals(1001, ErrorCode.SERIALIZATION_FAILED.value());
        assertEquals(1002, ErrorCode.UPGRADE_FAILED.value());
        assertEquals(1003, ErrorCode.READ_FAILED.value());
        assertEquals(1004, ErrorCode.WRITE_FAILED.value());
        assertEquals(1005, ErrorCode.HEARTBEAT_FAILED.value());
        assertEquals(1007, ErrorCode.AUTHENTICATION_FAILED.value());
    }
}
