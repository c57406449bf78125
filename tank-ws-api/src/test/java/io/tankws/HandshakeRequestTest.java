package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeRequestTest {
    private static final InetSocketAddress PEER = InetSocketAddress.createUnresolved("192.0.2.1", 4711);

    static HandshakeRequest.Builder valid(String target) {
        return HandshakeRequest.builder(target, PEER)
                .header("Host", "example.org")
                .header("Upgrade", "websocket")
                .header("Connection", "keep-alive, Upgrade")
                .header("Sec-WebSocket-Version", "13")
                .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static HandshakeRequest.Builder without(String missing) {
        HandshakeRequest.Builder builder = HandshakeRequest.builder("/ws", PEER);
        valid("/ws").build().headers().forEach((name, values) -> {
            if (!name.equals(missing)) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        return builder;
    }

    private static int status(HandshakeRequest.Builder builder) {
        return builder.build().violation().map(Refusal::status).orElse(101);
    }

    @Test
    void splitsPathAndQuery() {
        HandshakeRequest request = HandshakeRequest.builder("/a%20b?user_id=J%C3%B6rg+1&x&x=2&=3&bad=%zz", PEER)
                .build();
        assertEquals("/a%20b", request.path());
        assertEquals(Optional.of("Jörg 1"), request.queryParameter("user_id"));
        assertEquals(List.of("", "2"), request.queryParameters().get("x"));
        assertEquals(Optional.empty(), request.queryParameter("bad"));
        assertEquals(Optional.empty(), request.queryParameter("X"));
    }

    @Test
    void findsHeadersInAnyCaseAndKeepsRepeatedOnes() {
        HandshakeRequest request = HandshakeRequest.builder("/", PEER)
                .header("X-Test", "1")
                .header("x-test", "2")
                .build();
        assertEquals(Optional.of("1"), request.header("X-TEST"));
        assertEquals(Set.of("X-Test"), request.headers().keySet());
        assertEquals(List.of("1", "2"), request.headers().get("x-tEST"));
    }

    @ParameterizedTest
    @CsvSource({"Host", "host", "HOST", "X-Real-IP", "X-Real-Ip", "sec-websocket-key", "Sec-WebSocket-Keys"})
    void keepsNamesAsTheyWereSent(String name) {
        HandshakeRequest request = HandshakeRequest.builder("/", PEER)
                .header(name, "1")
                .header("Other", "2")
                .header(name.toLowerCase(Locale.ROOT), "3")
                .build();
        assertEquals(Set.of(name, "Other"), request.headers().keySet());
        assertEquals(List.of("1", "3"), request.headers().get(name.toUpperCase(Locale.ROOT)));
        assertEquals(Optional.of("1"), request.header(name.toUpperCase(Locale.ROOT)));
        assertEquals(Optional.of("1"), request.header(name.toLowerCase(Locale.ROOT)));
        assertEquals(Optional.of("2"), request.header("other"));
        assertEquals(Optional.empty(), request.header(name + "s"));
    }

    @Test
    void keepsPartsOfAnyLengthAndContent() {
        String query = "q=" + "x".repeat(20_000);
        HandshakeRequest.Builder builder = HandshakeRequest.builder("/?" + query, PEER);
        for (int length : new int[] {0, 1, 127, 128, 129, 16_383, 16_384, 300_000}) {
            builder.header("Length-" + length, "\u007f".repeat(length));
        }
        HandshakeRequest request = builder.header("", "no name")
                .header("Unicode", "J\u00f6rg \u4e2d\ud83d\ude00\r\n\0")
                .build();
        assertEquals("/", request.path());
        assertEquals(20_000, request.queryParameter("q").orElseThrow().length());
        for (int length : new int[] {0, 1, 127, 128, 129, 16_383, 16_384, 300_000}) {
            assertEquals(
                    "\u007f".repeat(length), request.header("length-" + length).orElseThrow());
        }
        assertEquals(Optional.of("no name"), request.header(""));
        assertEquals(Optional.of("J\u00f6rg \u4e2d\ud83d\ude00\r\n\0"), request.header("unicode"));
        assertEquals(10, request.headers().size());
        assertEquals(Optional.empty(), request.header("Length-12"));
    }

    @Test
    void isNotChangedByItsBuilderNorThroughItsMaps() {
        HandshakeRequest.Builder builder =
                HandshakeRequest.builder("/?a=1", PEER).header("B", "2").header("a", "1");
        HandshakeRequest request = builder.build();
        assertEquals(Optional.of("3"), builder.header("C", "3").build().header("c"));
        assertEquals(List.of("a", "B"), List.copyOf(request.headers().keySet()));
        assertThrows(
                UnsupportedOperationException.class, () -> request.headers().remove("a"));
        assertThrows(
                UnsupportedOperationException.class,
                () -> request.headers().get("a").add("2"));
        assertThrows(
                UnsupportedOperationException.class,
                () -> request.queryParameters().remove("a"));
        assertThrows(
                UnsupportedOperationException.class,
                () -> request.queryParameters().get("a").add("2"));
    }

    @Test
    void readsCookies() {
        HandshakeRequest request = HandshakeRequest.builder("/", PEER)
                .header("Cookie", "a=1; session=\"quoted=x\"")
                .header("Cookie", "b=2")
                .build();
        assertEquals(Optional.of("quoted=x"), request.cookie("session"));
        assertEquals(Optional.of("2"), request.cookie("b"));
        assertEquals(Optional.empty(), request.cookie("c"));
    }

    @Test
    void readsBasicCredentials() {
        HandshakeRequest request = HandshakeRequest.builder("/", PEER)
                .header("Authorization", "basic YWRtaW46c2U6Y3JldA==")
                .build();
        assertEquals(Optional.of(new Credentials("admin", "se:cret")), request.basicCredentials());
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer abc",
        "Basic !!!",
        "Basic YWRtaW4=",
        "Basic",
        "Basic /zp4",
        "Basic YTrD",
        "Basic YQA6eA==",
        "Basic YTp4="
    })
    void malformedBasicCredentialsAreNone(String header) {
        HandshakeRequest request = HandshakeRequest.builder("/", PEER)
                .header("Authorization", header)
                .build();
        assertEquals(Optional.empty(), request.basicCredentials());
    }

    @Test
    void showsNoSecretInItsText() {
        HandshakeRequest request = valid("/ws?token=hidden")
                .header("Authorization", "Basic YWRtaW46aGlkZGVu")
                .build();
        assertEquals("GET /ws", request.toString());
        assertFalse(new Credentials("admin", "hidden").toString().contains("hidden"));
        assertFalse(
                new Identity("u", java.util.Map.of("key", "hidden")).toString().contains("hidden"));
    }

    @Test
    void listsOfferedSubprotocols() {
        HandshakeRequest request = valid("/")
                .header("Sec-WebSocket-Protocol", "chat, ,tank.v2")
                .header("Sec-WebSocket-Protocol", "last")
                .build();
        assertEquals(List.of("chat", "tank.v2", "last"), request.offeredSubprotocols());
    }

    @Test
    void acceptsAValidHandshake() {
        assertEquals(101, status(valid("/ws")));
    }

    @Test
    void asksPlainHttpToUpgrade() {
        Refusal refusal = without("Upgrade").build().violation().orElseThrow();
        assertEquals(426, refusal.status());
        assertEquals("websocket", refusal.headers().get("Upgrade"));
        assertEquals("13", refusal.headers().get("Sec-WebSocket-Version"));
    }

    @ParameterizedTest
    @CsvSource({"Host,400", "Connection,400", "Sec-WebSocket-Key,400", "Sec-WebSocket-Version,426"})
    void refusesAHandshakeThatLacks(String header, int status) {
        assertEquals(status, status(without(header)));
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version,8,426",
        "Connection,close,400",
        "Upgrade,h2c,426",
        "Sec-WebSocket-Key,c2hvcnQ=,400",
        "Sec-WebSocket-Key,not base64,400"
    })
    void refusesAHandshakeWith(String header, String value, int status) {
        assertEquals(status, status(without(header).header(header, value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "a%",
                "a%2",
                "a%zz",
                "a%%41",
                "a%FF",
                "a%C3(",
                "a%C0%80",
                "a%ED%A0%80",
                "a\ud800",
                "a%\u0664\u0661"
            })
    void refusesAQueryThatIsNotPercentEncodedUtf8(String value) {
        for (String query : List.of("user_id=" + value, value, value + "=1", "a=1&" + value + "&b=2")) {
            HandshakeRequest request = valid("/ws?" + query).build();
            assertEquals(400, request.violation().map(Refusal::status).orElse(101), query);
            assertEquals(Optional.empty(), request.queryParameter("user_id"));
        }
    }

    @Test
    void malformedEscapesEqualNoOtherPath() {
        assertEquals(Optional.of("%"), valid("/?a=%25").build().queryParameter("a"));
        assertEquals(Optional.empty(), valid("/?a=%").build().queryParameter("a"));
        assertEquals(Optional.of("\ufffd"), valid("/?a=%EF%BF%BD").build().queryParameter("a"));
        assertEquals(List.of("1"), valid("/?a=%&a=1").build().queryParameters().get("a"));
    }

    @Test
    void refusesRepeatedKeysOtherMethodsAndOldHttp() {
        assertEquals(400, status(valid("/").header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")));
        assertEquals(400, status(valid("/").header("Host", "other.example")));
        assertEquals(405, status(valid("/").method("POST")));
        assertEquals(400, status(valid("/").http11(false)));
    }

    @Test
    void anExtendedConnectNeedsNoUpgrade() {
        HandshakeRequest.Builder connect = HandshakeRequest.builder("/ws", PEER)
                .method("CONNECT")
                .http11(false)
                .header("Host", "example.org")
                .header("Sec-WebSocket-Version", "13");
        assertEquals(426, status(connect));
        assertEquals(101, status(connect.extendedConnect(true)));
        assertEquals(Optional.empty(), connect.build().arrivedAt(PEER, PEER).violation());
        assertEquals(400, status(connect.header("Host", "other.example")));
        assertEquals(426, status(without("Sec-WebSocket-Version").extendedConnect(true)));
        assertEquals(400, status(without("Host").extendedConnect(true)));
        assertEquals(101, status(without("Sec-WebSocket-Key").extendedConnect(true)));
    }

    @Test
    void knowsTheTransportsFacts() {
        HandshakeRequest request = valid("/").secure(true).build();
        assertTrue(request.isSecure());
        assertEquals(PEER, request.remoteAddress());
        assertEquals(List.of(), request.peerCertificates());
    }
}
