package io.tankws.core.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of all commands and messages. */
class PlainProtocolPropertyTest {
    private final PlainProtocol protocol = new PlainProtocol();

    @Property
    void anyBytesAreACommandOrAMessage(@ForAll("inputs") byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input).asReadOnlyBuffer();
        PlainProtocol.Command command = protocol.parse(bytes);
        boolean hasTopic =
                command.kind() == PlainProtocol.Kind.SUBSCRIBE || command.kind() == PlainProtocol.Kind.UNSUBSCRIBE;
        assertTrue(hasTopic || command.topic().isEmpty());
        assertEquals(input.length, bytes.remaining(), "a message must still be there to be relayed");
    }

    @Property
    void anyTopicArrivesAsItWasSent(@ForAll("wellFormed") String topic) {
        assertEquals(
                new PlainProtocol.Command(PlainProtocol.Kind.SUBSCRIBE, topic), protocol.parse(utf8("sub:" + topic)));
        assertEquals(
                new PlainProtocol.Command(PlainProtocol.Kind.UNSUBSCRIBE, topic),
                protocol.parse(utf8("unsub:" + topic)));
    }

    /** Only names must be well-formed: the library takes an escaped half of a pair in a name for broken JSON. */
    @Property
    void anyHeartbeatIsRecognised(@ForAll("wellFormed") String other, @ForAll("any") String value) throws IOException {
        String fields = "\"type\":\"he\\u0061rtbeat\",\"x" + quoted(other) + "\":[\"" + quoted(value) + "\"]";
        assertEquals(
                PlainProtocol.Kind.HEARTBEAT,
                protocol.parse(utf8("{" + fields + "}")).kind());
        assertEquals(
                PlainProtocol.Kind.MESSAGE, protocol.parse(utf8("{" + fields)).kind());
    }

    @Property
    void anyEnvelopeIsReadAlikeByTwoParsers(@ForAll("any") String topic, @ForAll("any") String data)
            throws IOException {
        byte[] envelope = bytes(protocol.envelope(topic, data).frame().payload());
        Map<String, String> expected = Map.of("topic", topic, "data", data);
        assertEquals(expected, jackson(envelope));
        assertEquals(expected, StrictJson.object(envelope));
    }

    @Property
    void equalMessagesAreEqualBytes(@ForAll("any") String topic, @ForAll("any") String data) {
        assertArrayEquals(
                bytes(protocol.envelope(topic, data).frame().payload()),
                bytes(new PlainProtocol().envelope(topic, data).frame().payload()));
    }

    @Provide
    Arbitrary<String> any() {
        return Texts.any();
    }

    @Provide
    Arbitrary<String> wellFormed() {
        return Texts.wellFormed();
    }

    @Provide
    Arbitrary<byte[]> inputs() {
        Arbitrary<String> start = Arbitraries.of(
                "", "s", "sub:", "su", "unsub:", "u", "{", " {\"type\":\"heartbeat\"", "{\"type\":", "\n", "[", "\\");
        Arbitrary<byte[]> rest = Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
        return Combinators.combine(start, rest).as((first, second) -> {
            ByteBuffer whole = ByteBuffer.allocate(first.length() + second.length);
            return whole.put(first.getBytes(StandardCharsets.ISO_8859_1))
                    .put(second)
                    .array();
        });
    }

    private static Map<String, String> jackson(byte[] json) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertEquals(JsonToken.START_OBJECT, parser.nextToken());
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                fields.put(name, parser.nextTextValue());
                assertNotNull(fields.get(name));
            }
            assertEquals(null, parser.nextToken());
        }
        return fields;
    }

    /** Escapes every character. */
    private static String quoted(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(String.format("\\u%04X", c)));
        return escaped.toString();
    }

    private static ByteBuffer utf8(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
