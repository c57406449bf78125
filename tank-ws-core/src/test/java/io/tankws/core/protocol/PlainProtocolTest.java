package io.tankws.core.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tankws.Message;
import io.tankws.TopicAction;
import io.tankws.TopicDenial;
import io.tankws.core.protocol.PlainProtocol.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainProtocolTest {
    private final PlainProtocol protocol = new PlainProtocol();

    private PlainProtocol.Command parse(String text) {
        // The text does not start at index 0, as in a read buffer.
        byte[] bytes = ("##" + text).getBytes(StandardCharsets.UTF_8);
        return protocol.parse(ByteBuffer.wrap(bytes).position(2).asReadOnlyBuffer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"news", "", " ", "a:b", "\"q\"", "new\nline", "🐢", "unsub:x"})
    void readsTopics(String topic) {
        assertEquals(new PlainProtocol.Command(Kind.SUBSCRIBE, topic), parse("sub:" + topic));
        assertEquals(new PlainProtocol.Command(Kind.UNSUBSCRIBE, topic), parse("unsub:" + topic));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "sub", "Sub:x", " sub:x", "u", "unsub", "hello", "submarine", "🐢"})
    void takesEverythingElseAsAMessage(String text) {
        assertEquals(Kind.MESSAGE, parse(text).kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"heartbeat\"}",
                " \n{ \"a\": {\"type\": 1}, \"b\": [1, {}], \"type\" : \"heartbeat\", \"c\": null }",
                "{\"type\":\"\\u0068eartbeat\"}",
                "{\"type\":\"other\",\"type\":\"heartbeat\"}"
            })
    void swallowsHeartbeats(String text) {
        assertEquals(Kind.HEARTBEAT, parse(text).kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"heartbeat\"",
                "{\"type\":\"heartbeat\"} x",
                "{\"type\":\"heartbeats\"}",
                "{\"a\":{\"type\":\"heartbeat\"}}",
                "[{\"type\":\"heartbeat\"}]",
                "{\"Type\":\"heartbeat\"}",
                "{\"type\":{\"heartbeat\":1}}",
                "{heartbeat}"
            })
    void relaysWhatOnlyLooksLikeAHeartbeat(String text) {
        assertEquals(Kind.MESSAGE, parse(text).kind());
    }

    @Test
    void aDenialHasNoTopicAtTheTop() {
        Message.Text denial =
                new PlainProtocol().denial(new TopicDenial(TopicAction.SUBSCRIBE, "a\"b", "not \n yours"));
        assertEquals(
                "{\"error\":{\"code\":1016,\"action\":\"subscribe\",\"topic\":\"a\\\"b\","
                        + "\"reason\":\"not \\n yours\"}}",
                denial.text());
    }

    @Test
    void survivesDeepNesting() {
        assertEquals(Kind.MESSAGE, parse("{\"heartbeat\":" + "[".repeat(20_000)).kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\"quotes\" and \\ back",
                "new\nline\ttab\u0000\u001F",
                "Grüße 🐢",
                "\uD83D lone",
                "lone \uDC22",
                "\u2028\u2029",
                "</script>"
            })
    void envelopeSurvivesAParser(String text) throws IOException {
        Message.Text message = protocol.envelope(text, text);
        assertEquals(Map.of("topic", text, "data", text), read(message.text()));
        assertEquals(Optional.of(text), message.topic());
        // The envelope is created without a check, so its bytes must pass the check here.
        assertEquals(message.payload(), Message.text(message.payload()).payload());
    }

    @Test
    void envelopeLooksLikeTheGoLibrarys() {
        assertEquals(
                "{\"topic\":\"news\",\"data\":\"hi\"}",
                protocol.envelope("news", "hi").text());
    }

    private static Map<String, String> read(String json) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertEquals(JsonToken.START_OBJECT, parser.nextToken());
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                fields.put(parser.currentName(), parser.nextTextValue());
            }
        }
        return fields;
    }
}
