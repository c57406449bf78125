package io.tankws.protocol.centrifuge.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.protocol.centrifuge.codec.JsonText;
import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.message.ConnectRequest;
import io.tankws.protocol.centrifuge.message.PublishRequest;
import io.tankws.protocol.centrifuge.message.Push;
import io.tankws.protocol.centrifuge.message.Reply;
import io.tankws.protocol.centrifuge.message.WirePublication;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads pass as they are. */
class PayloadTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{ \"z\" : 1 , \"a\":[ 2 ] , \"z\":3 }",
                "\"\"",
                "\"a\\n\\u00e9\\/\"",
                "\"\u4e2d\ud83d\ude00\u2028</script>\"",
                "0",
                "-0.0",
                "9007199254740993",
                "123456789012345678901234567890.1E-400",
                "true",
                "false",
                "null",
                "[[[{\"a\":[null]}]]]"
            })
    void jsonIsNotInterpreted(String value) throws MalformedMessageException {
        // White space around a value is not a part of it.
        for (String space : new String[] {"", " ", " \t\r "}) {
            String inMiddle = "{\"publish\":{\"data\":" + space + value + space + ",\"channel\":\"news\"},\"id\":1}";
            assertEquals(value, data(inMiddle));
            String last = "{\"id\":1,\"publish\":{\"channel\":\"news\",\"data\":" + space + value + space + "}}";
            assertEquals(value, data(last));
        }
        assertEquals("{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":" + value + "}}}", push(value));
    }

    private static String data(String command) throws MalformedMessageException {
        ByteBuffer message = ByteBuffer.wrap(("??" + command + "?").getBytes(StandardCharsets.UTF_8));
        message.position(2).limit(message.limit() - 1);
        PublishRequest request =
                (PublishRequest) Encoding.JSON.open(message).next().request();
        assertEquals("news", request.channel());
        return StandardCharsets.UTF_8.decode(request.data()).toString();
    }

    private static String push(String value) {
        ByteBuffer data = StandardCharsets.UTF_8.encode(value).asReadOnlyBuffer();
        Reply reply =
                Reply.of(new Push("news", WirePublication.builder().data(data).build()));
        return StandardCharsets.UTF_8.decode(Encoding.JSON.encode(reply)).toString();
    }

    @Test
    void lineBreaksBetweenTokensAreRemoved() {
        assertEquals(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{  \"a\": \"x\\n\",  \"b\": [1]}}}}",
                push("{\r\n  \"a\": \"x\\n\",\n  \"b\": [1]\r}\n"));
    }

    @Test
    void anAbsentPayloadDiffersFromNull() throws MalformedMessageException {
        ConnectRequest absent = (ConnectRequest)
                Encoding.JSON.open(utf8("{\"connect\":{}}")).next().request();
        assertEquals(null, absent.data());
        ConnectRequest isNull = (ConnectRequest) Encoding.JSON
                .open(utf8("{\"connect\":{\"data\":null,\"token\":null,\"subs\":null}}"))
                .next()
                .request();
        assertEquals(utf8("null"), isNull.data());
    }

    @Test
    void aTextBecomesAJsonString() {
        String text = "\"{\\}\n\u00e9\ud83d\ude00\u0001";
        assertEquals(
                "\"\\\"{\\\\}\\n\u00e9\ud83d\ude00\\u0001\"",
                StandardCharsets.UTF_8.decode(JsonText.quote(utf8(text))).toString());
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
