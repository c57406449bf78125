package io.tankws.protocol.centrifuge.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.UnknownFieldSet;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.message.Command;
import io.tankws.protocol.centrifuge.message.FilterNode;
import io.tankws.protocol.centrifuge.message.HistoryRequest;
import io.tankws.protocol.centrifuge.message.Method;
import io.tankws.protocol.centrifuge.message.PublishRequest;
import io.tankws.protocol.centrifuge.message.SubscribeRequest;
import io.tankws.protocol.centrifuge.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are no commands are refused, and what a command does not know is skipped. */
class MalformedCommandTest {
    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer hex(String bytes) {
        return ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(bytes));
    }

    private static void readAll(Encoding encoding, ByteBuffer message) throws MalformedMessageException {
        CommandFrame frame = encoding.open(message);
        while (frame.hasNext()) {
            frame.next();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                " ",
                "{}\n\n",
                "{}\n\n{}",
                "\n{}",
                "{}{}",
                "{} x",
                "[]",
                "1",
                "null",
                "\"\"",
                "{",
                "{\"id\":1",
                "{\"id\":\n1}",
                "{'id':1}",
                "{\"id\":1,}",
                "{\"id\":\"1\"}",
                "{\"id\":-1}",
                "{\"id\":1.0}",
                "{\"id\":1e1}",
                "{\"id\":4294967296}",
                "{\"id\":123456789012345678901234567890}",
                "{\"id\":[1]}",
                "{\"connect\":[]}",
                "{\"connect\":1}",
                "{\"connect\":{\"token\":1}}",
                "{\"connect\":{\"token\":\"\\ud800\"}}",
                "{\"connect\":{\"token\":\"\\udc00\\ud800\"}}",
                "{\"connect\":{\"headers\":{\"\\udc00\":\"\"}}}",
                "{\"connect\":{\"headers\":[]}}",
                "{\"connect\":{\"headers\":{\"a\":1}}}",
                "{\"connect\":{\"subs\":{\"a\":null}}}",
                "{\"connect\":{\"data\":}}",
                "{\"connect\":{\"data\":NaN}}",
                "{\"connect\":{\"data\":01}}",
                "{\"connect\":{\"data\":\"\u0001\"}}",
                "{\"subscribe\":{\"recover\":1}}",
                "{\"subscribe\":{\"offset\":-1}}",
                "{\"subscribe\":{\"offset\":18446744073709551616}}",
                "{\"subscribe\":{\"type\":2147483648}}",
                "{\"subscribe\":{\"tf\":{\"nodes\":{}}}}",
                "{\"subscribe\":{\"tf\":{\"nodes\":[null]}}}",
                "{\"subscribe\":{\"tf\":{\"vals\":[1]}}}",
                "\ufeff{}",
                "{\u0000}"
            })
    void otherTextIsRefused(String text) {
        MalformedMessageException e =
                assertThrows(MalformedMessageException.class, () -> readAll(Encoding.JSON, utf8(text)));
        assertTrue(e.getMessage().length() < 100, e::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01", // no byte follows
                "80 80 80 80 10", // 2^32 bytes announced
                "ff ff ff ff 07", // 2^31 - 1 bytes announced
                "fc ff ff ff ff ff ff ff ff 01", // a negative length
                "80 80 80 80 80 80 80 80 80 80 01", // eleven bytes of a length
                "80", // an incomplete length
                "01 08", // no number follows the tag
                "02 08 80", // an incomplete number
                "0b 08 80 80 80 80 80 80 80 80 80 80", // a number of more than ten bytes
                "02 00 01", // tag 0
                "02 0a 00", // an id that is no number
                "02 20 01", // a request that is no message
                "02 22 01", // a request longer than its message
                "05 22 03 0a 02 61", // a text longer than its message
                "06 22 04 0a 02 c3 28", // no UTF-8
                "07 22 05 0a 03 ed a0 80", // a surrogate in UTF-8
                "01 7b", // a group that does not end
                "02 a3 06", // an unknown group that does not end
                "02 a4 06", // the end of no group
                "02 a6 06", // wire type 6
                "02 a7 06", // wire type 7
                "05 a1 06 01 02 03", // an incomplete fixed64
                "04 a5 06 01 02", // an incomplete fixed32
                "03 a2 06 7f", // an unknown field longer than its message
            })
    void otherBytesAreRefused(String bytes) {
        MalformedMessageException e =
                assertThrows(MalformedMessageException.class, () -> readAll(Encoding.PROTOBUF, hex(bytes)));
        assertTrue(e.getMessage().length() < 100, e::getMessage);
    }

    @Test
    void unknownFieldsAreSkipped() throws IOException {
        Command command = Encoding.JSON
                .open(utf8(
                        "{\"x\":[{\"y\":[]}],\"id\":5,\"publish\":{\"data\":1,\"z\":{\"channel\":\"b\"},\"channel\":\"a\","
                                + "\"n\":null},\"method\":{\"a\":1}}"))
                .next();
        assertEquals(new Command(5, new PublishRequest("a", utf8("1"), 0)), command);

        UnknownFieldSet inner = UnknownFieldSet.newBuilder()
                .addField(1, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .build();
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        100,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(-1)
                                .addFixed32(1)
                                .addFixed64(2)
                                .addLengthDelimited(com.google.protobuf.ByteString.copyFromUtf8("abc"))
                                .addGroup(inner)
                                .addGroup(UnknownFieldSet.newBuilder()
                                        .addField(
                                                3,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addGroup(inner)
                                                        .build())
                                        .build())
                                .build())
                .build();
        DynamicMessage request = DynamicMessage.newBuilder(Schema.message("PresenceRequest"))
                .setUnknownFields(unknown)
                .build();
        DynamicMessage message = DynamicMessage.newBuilder(Schema.message("Command"))
                .setField(Schema.message("Command").findFieldByName("id"), 5)
                .setField(Schema.message("Command").findFieldByName("presence"), request)
                .setUnknownFields(unknown)
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeDelimitedTo(out);
        Command read =
                Encoding.PROTOBUF.open(ByteBuffer.wrap(out.toByteArray())).next();
        assertEquals(5, read.id());
        assertEquals(Method.PRESENCE, read.request().method());
    }

    @Test
    void aCommandWithoutAKnownRequestHasNone() throws MalformedMessageException {
        Command unknown = Encoding.JSON.open(utf8("{\"id\":1,\"nope\":{}}")).next();
        assertNull(unknown.request());
        assertFalse(unknown.isPong());
        assertEquals(
                Method.PING,
                Encoding.JSON
                        .open(utf8("{\"id\":1,\"ping\":{}}"))
                        .next()
                        .request()
                        .method());
    }

    @Test
    void theFirstOfSeveralMethodsCounts() throws MalformedMessageException {
        String several = "{\"id\":1,\"send\":{},\"history\":{\"channel\":\"a\"},\"rpc\":{}}";
        assertEquals(
                Method.HISTORY,
                Encoding.JSON.open(utf8(several)).next().request().method());
        Command repeated = Encoding.JSON
                .open(utf8("{\"history\":{\"channel\":\"a\"},\"history\":{\"channel\":\"b\"}}"))
                .next();
        assertEquals(new HistoryRequest("b", 0, null, false), repeated.request());
        assertTrue(repeated.isPong(), "a command without id that is no message");
    }

    @Test
    void deepFiltersAreRefusedWithoutAnOverflowOfTheStack() throws MalformedMessageException {
        int deepest = FieldReader.MAX_DEPTH - 1;
        assertEquals(deepest, depth(filterIn(utf8(jsonFilter(deepest)), Encoding.JSON)));
        assertEquals(deepest, depth(filterIn(protobufFilter(deepest), Encoding.PROTOBUF)));
        for (int nodes : new int[] {deepest + 1, 1000, 10_000}) {
            ByteBuffer json = utf8(jsonFilter(nodes));
            assertThrows(MalformedMessageException.class, () -> filterIn(json, Encoding.JSON));
            ByteBuffer protobuf = protobufFilter(nodes);
            assertThrows(MalformedMessageException.class, () -> filterIn(protobuf, Encoding.PROTOBUF));
        }
    }

    private static String jsonFilter(int nodes) {
        return "{\"subscribe\":{\"tf\":" + "{\"nodes\":[".repeat(nodes - 1) + "{}" + "]}".repeat(nodes - 1) + "}}";
    }

    private static ByteBuffer protobufFilter(int nodes) {
        DynamicMessage node = DynamicMessage.getDefaultInstance(Schema.message("FilterNode"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] message = node.toByteArray();
        for (int i = 1; i < nodes; i++) {
            message = field(6, message);
        }
        message = field(5, field(13, message));
        bytes.writeBytes(lengthOf(message));
        bytes.writeBytes(message);
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static byte[] field(int tag, byte[] message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tag << 3 | 2);
        bytes.writeBytes(lengthOf(message));
        bytes.writeBytes(message);
        return bytes.toByteArray();
    }

    private static byte[] lengthOf(byte[] message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int length = message.length;
        while (length > 0x7F) {
            bytes.write(length & 0x7F | 0x80);
            length >>>= 7;
        }
        bytes.write(length);
        return bytes.toByteArray();
    }

    private static FilterNode filterIn(ByteBuffer message, Encoding encoding) throws MalformedMessageException {
        return ((SubscribeRequest) encoding.open(message).next().request()).tf();
    }

    private static int depth(FilterNode node) {
        return node.nodes().isEmpty() ? 1 : 1 + depth(node.nodes().get(0));
    }

    @Test
    void deepAndLongPayloadsAreRead() throws MalformedMessageException {
        String deep = "[".repeat(1000) + "]".repeat(1000);
        String digits = "7".repeat(50_000);
        String name = "{\"" + "n".repeat(60_000) + "\":1}";
        for (String data : new String[] {deep, digits, name}) {
            PublishRequest request = (PublishRequest) Encoding.JSON
                    .open(utf8("{\"publish\":{\"data\":" + data + "},\"id\":1}"))
                    .next()
                    .request();
            assertEquals(data, StandardCharsets.UTF_8.decode(request.data()).toString());
        }
        String tooDeep = "{\"publish\":{\"data\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}}";
        assertThrows(MalformedMessageException.class, () -> readAll(Encoding.JSON, utf8(tooDeep)));
    }

    @Test
    void largeOffsetsAreUnsigned() throws MalformedMessageException {
        String command = "{\"subscribe\":{\"offset\":18446744073709551615,\"flag\":-9223372036854775808,\"type\":-1}}";
        SubscribeRequest request =
                (SubscribeRequest) Encoding.JSON.open(utf8(command)).next().request();
        assertEquals(-1, request.offset());
        assertEquals(Long.MIN_VALUE, request.flag());
        assertEquals(-1, request.type());
    }
}
