package io.tankws.protocol.centrifuge.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.message.ClientInfo;
import io.tankws.protocol.centrifuge.message.Command;
import io.tankws.protocol.centrifuge.message.ConnectRequest;
import io.tankws.protocol.centrifuge.message.ConnectResult;
import io.tankws.protocol.centrifuge.message.EmptyResult;
import io.tankws.protocol.centrifuge.message.ErrorReason;
import io.tankws.protocol.centrifuge.message.HistoryRequest;
import io.tankws.protocol.centrifuge.message.HistoryResult;
import io.tankws.protocol.centrifuge.message.PresenceRequest;
import io.tankws.protocol.centrifuge.message.PresenceResult;
import io.tankws.protocol.centrifuge.message.PresenceStatsResult;
import io.tankws.protocol.centrifuge.message.PublishRequest;
import io.tankws.protocol.centrifuge.message.Push;
import io.tankws.protocol.centrifuge.message.PushBody;
import io.tankws.protocol.centrifuge.message.Reply;
import io.tankws.protocol.centrifuge.message.Request;
import io.tankws.protocol.centrifuge.message.RpcRequest;
import io.tankws.protocol.centrifuge.message.SendRequest;
import io.tankws.protocol.centrifuge.message.Since;
import io.tankws.protocol.centrifuge.message.SubscribeRequest;
import io.tankws.protocol.centrifuge.message.SubscribeResult;
import io.tankws.protocol.centrifuge.message.UnsubscribeReason;
import io.tankws.protocol.centrifuge.message.UnsubscribeRequest;
import io.tankws.protocol.centrifuge.message.WirePublication;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Frames that SDKs and the reference server exchange. */
class GoldenFramesTest {
    private static final String CLIENT = "7f1c6d8e-2f3b-4c69-9a0e-0d6f5f5a9c11";

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer hex(String bytes) {
        return ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(bytes));
    }

    private static Command json(String text) throws MalformedMessageException {
        return only(Encoding.JSON.open(utf8(text)));
    }

    private static Command protobuf(String bytes) throws MalformedMessageException {
        return only(Encoding.PROTOBUF.open(hex(bytes)));
    }

    private static Command only(CommandFrame frame) throws MalformedMessageException {
        Command command = frame.next();
        assertTrue(!frame.hasNext());
        return command;
    }

    private static void assertJson(String expected, Reply reply) {
        assertEquals(
                expected,
                StandardCharsets.UTF_8.decode(Encoding.JSON.encode(reply)).toString());
    }

    private static void assertProtobuf(String expected, Reply reply) {
        ByteBuffer bytes = Encoding.PROTOBUF.encode(reply);
        byte[] actual = new byte[bytes.remaining()];
        bytes.get(actual);
        assertEquals(expected, HexFormat.ofDelimiter(" ").formatHex(actual));
    }

    private static ConnectRequest connect(String token, String name) {
        return new ConnectRequest(token, null, Map.of(), name, "", Map.of());
    }

    private static SubscribeRequest subscribe(boolean recover, String epoch, long offset, long flag) {
        return new SubscribeRequest("news", "", recover, epoch, offset, null, false, false, false, "", null, flag, 0);
    }

    private static Reply publication(PushBody publication) {
        return Reply.of(new Push("news", publication));
    }

    private static WirePublication publication(String data, long offset) {
        return WirePublication.builder().data(utf8(data)).offset(offset).build();
    }

    @Test
    void readsJsonCommands() throws MalformedMessageException {
        assertRequest(1, connect("", "js"), json("{\"connect\":{\"name\":\"js\"},\"id\":1}"));
        assertRequest(
                2, subscribe(false, "", 0, 1), json("{\"subscribe\":{\"channel\":\"news\",\"flag\":1},\"id\":2}"));
        assertRequest(
                2,
                subscribe(true, "aBcDeFgH", 9, 1),
                json("{\"subscribe\":{\"channel\":\"news\",\"flag\":1,\"recover\":true,\"offset\":9,"
                        + "\"epoch\":\"aBcDeFgH\"},\"id\":2}"));
        assertRequest(
                3,
                new PublishRequest("news", utf8("{\"x\":2}"), 0),
                json("{\"publish\":{\"channel\":\"news\",\"data\":{\"x\":2}},\"id\":3}"));
        assertRequest(
                4,
                new HistoryRequest("news", 1, null, true),
                json("{\"history\":{\"channel\":\"news\",\"limit\":1,\"reverse\":true},\"id\":4}"));
        assertRequest(5, new PresenceRequest("news"), json("{\"presence\":{\"channel\":\"news\"},\"id\":5}"));
        assertRequest(
                6, new RpcRequest(utf8("{}"), "nope"), json("{\"rpc\":{\"method\":\"nope\",\"data\":{}},\"id\":6}"));
        assertRequest(7, new UnsubscribeRequest("news"), json("{\"unsubscribe\":{\"channel\":\"news\"},\"id\":7}"));
        assertRequest(0, new SendRequest(utf8("1")), json("{\"send\":{\"data\":1}}"));
        assertTrue(json("{}").isPong());
    }

    private static void assertRequest(long id, Request request, Command command) {
        assertEquals(new Command(id, request), command);
        assertEquals(request.method(), command.request().method());
        assertTrue(!command.isPong());
    }

    @Test
    void readsProtobufCommands() throws MalformedMessageException {
        assertRequest(1, connect("", "java"), protobuf("0a 08 01 22 06 22 04 6a 61 76 61"));
        assertRequest(1, connect("t", ""), protobuf("07 08 01 22 03 0a 01 74"));
        assertRequest(2, subscribe(false, "", 0, 0), protobuf("0a 08 02 2a 06 0a 04 6e 65 77 73"));
        assertRequest(
                2,
                subscribe(true, "ep", 9, 1),
                protobuf("14 08 02 2a 10 0a 04 6e 65 77 73 18 01 32 02 65 70 38 09 70 01"));
        assertRequest(
                4,
                new HistoryRequest("news", -1, new Since(4, "ep"), false),
                protobuf("1d 08 04 52 19 0a 04 6e 65 77 73 38 ff ff ff ff ff ff ff ff ff 01 42 06 08 04 12 02 65 70"));
        Command pong = protobuf("00");
        assertTrue(pong.isPong());
        assertNull(pong.request());
    }

    @Test
    void writesJsonReplies() {
        assertJson(
                "{\"id\":1,\"connect\":{\"client\":\"" + CLIENT + "\",\"version\":\"1.0\",\"ping\":25,\"pong\":true}}",
                Reply.of(
                        1,
                        ConnectResult.builder()
                                .client(CLIENT)
                                .version("1.0")
                                .ping(25)
                                .pong(true)
                                .build()));
        assertJson(
                "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"aBcDeFgH\",\"offset\":7,\"positioned\":true}}",
                Reply.of(2, positioned("aBcDeFgH", 7).build()));
        assertJson(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{\"x\":1},\"offset\":8}}}",
                publication(publication("{\"x\":1}", 8)));
        assertJson(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{\"x\":2},"
                        + "\"info\":{\"user\":\"42\",\"client\":\"7f1c\"},\"offset\":9}}}",
                publication(WirePublication.builder()
                        .data(utf8("{\"x\":2}"))
                        .info(new ClientInfo("42", "7f1c", null, null))
                        .offset(9)
                        .build()));
        assertJson("{\"id\":3,\"publish\":{}}", Reply.of(3, EmptyResult.PUBLISH));
        assertJson(
                "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"aBcDeFgH\","
                        + "\"publications\":[{\"data\":{\"x\":3},\"offset\":10}],\"recovered\":true,\"offset\":9,"
                        + "\"positioned\":true,\"was_recovering\":true}}",
                Reply.of(
                        2,
                        positioned("aBcDeFgH", 9)
                                .publications(List.of(publication("{\"x\":3}", 10)))
                                .recovered(true)
                                .wasRecovering(true)
                                .build()));
        assertJson(
                "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"ZyXwVuTs\",\"offset\":3,\"positioned\":true,"
                        + "\"was_recovering\":true}}",
                Reply.of(2, positioned("ZyXwVuTs", 3).wasRecovering(true).build()));
        assertJson("{}", Reply.PING);
        assertJson(
                "{\"id\":4,\"history\":{\"publications\":[{\"data\":{\"x\":4},\"offset\":11}],"
                        + "\"epoch\":\"aBcDeFgH\",\"offset\":11}}",
                Reply.of(4, new HistoryResult(List.of(publication("{\"x\":4}", 11)), "aBcDeFgH", 11)));
        assertJson(
                "{\"id\":5,\"presence\":{\"presence\":{\"7f1c\":{\"user\":\"42\",\"client\":\"7f1c\"}}}}",
                Reply.of(5, new PresenceResult(Map.of("7f1c", new ClientInfo("42", "7f1c", null, null)))));
        assertJson(
                "{\"id\":6,\"error\":{\"code\":104,\"message\":\"method not found\"}}",
                Reply.of(6, ErrorReason.METHOD_NOT_FOUND.error()));
        assertJson("{\"id\":7,\"unsubscribe\":{}}", Reply.of(7, EmptyResult.UNSUBSCRIBE));
        assertJson(
                "{\"push\":{\"channel\":\"news\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient state\"}}}",
                publication(UnsubscribeReason.INSUFFICIENT_STATE.push()));
    }

    private static SubscribeResult.Builder positioned(String epoch, long offset) {
        return SubscribeResult.builder()
                .recoverable(true)
                .positioned(true)
                .epoch(epoch)
                .offset(offset);
    }

    @Test
    void writesProtobufReplies() {
        assertProtobuf(
                "0f 08 01 2a 0b 0a 02 63 31 12 01 76 38 19 40 01",
                Reply.of(
                        1,
                        ConnectResult.builder()
                                .client("c1")
                                .version("v")
                                .ping(25)
                                .pong(true)
                                .build()));
        assertProtobuf(
                "0e 08 02 32 0a 18 01 32 02 65 70 48 07 50 01",
                Reply.of(2, positioned("ep", 7).build()));
        assertProtobuf(
                "1a 08 02 32 16 18 01 32 02 65 70 3a 06 22 02 7b 7d 30 0a 40 01 48 09 50 01 60 01",
                Reply.of(
                        2,
                        positioned("ep", 9)
                                .publications(List.of(publication("{}", 10)))
                                .recovered(true)
                                .wasRecovering(true)
                                .build()));
        assertProtobuf(
                "16 22 14 12 04 6e 65 77 73 22 0c 22 07 7b 22 78 22 3a 31 7d 30 ac 02",
                publication(publication("{\"x\":1}", 300)));
        assertProtobuf(
                "21 22 1f 12 04 6e 65 77 73 3a 17 10 c4 13 1a 12 69 6e 73 75 66 66 69 63 69 65 6e 74 20 73 74 61 74 65",
                publication(UnsubscribeReason.INSUFFICIENT_STATE.push()));
        assertProtobuf("04 08 03 42 00", Reply.of(3, EmptyResult.PUBLISH));
        assertProtobuf(
                "19 08 03 12 15 08 67 12 11 70 65 72 6d 69 73 73 69 6f 6e 20 64 65 6e 69 65 64",
                Reply.of(3, ErrorReason.PERMISSION_DENIED.error()));
        assertProtobuf("00", Reply.PING);
        assertProtobuf(
                "13 08 05 4a 0f 0a 0d 0a 02 63 31 12 07 0a 01 75 12 02 63 31",
                Reply.of(5, new PresenceResult(Map.of("c1", new ClientInfo("u", "c1", null, null)))));
    }

    @Test
    void emptyResultsStateTheFieldsThatSdksExpect() {
        assertJson(
                "{\"id\":1,\"history\":{\"publications\":[],\"epoch\":\"\",\"offset\":0}}",
                Reply.of(1, new HistoryResult(List.of(), "", 0)));
        assertJson("{\"id\":1,\"presence\":{\"presence\":{}}}", Reply.of(1, new PresenceResult(Map.of())));
        assertJson(
                "{\"id\":1,\"presence_stats\":{\"num_clients\":0,\"num_users\":0}}",
                Reply.of(1, new PresenceStatsResult(0, 0)));
        assertJson(
                "{\"id\":1,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}",
                Reply.of(1, ErrorReason.INTERNAL.error()));
        assertJson(
                "{\"id\":1,\"presence\":{\"presence\":{\"c\":{\"user\":\"\",\"client\":\"c\"}}}}",
                Reply.of(1, new PresenceResult(Map.of("c", new ClientInfo("", "c", null, null)))));
    }

    @Test
    void anyNumberOfMessagesShareAFrame() throws MalformedMessageException {
        CommandFrame json = Encoding.JSON.open(
                utf8("{\"id\":1,\"connect\":{}}\n{\"subscribe\":{\"channel\":\"news\"},\"id\":2}\n{}\n"));
        assertEquals(new Command(1, connect("", "")), json.next());
        assertEquals(new Command(2, subscribe(false, "", 0, 0)), json.next());
        assertTrue(json.next().isPong());
        assertTrue(!json.hasNext());
        CommandFrame protobuf = Encoding.PROTOBUF.open(hex("07 08 01 22 03 0a 01 74 00 00"));
        assertEquals(new Command(1, connect("t", "")), protobuf.next());
        assertTrue(protobuf.next().isPong());
        assertTrue(protobuf.next().isPong());
        assertTrue(!protobuf.hasNext());
        List<Reply> replies = List.of(Reply.of(3, EmptyResult.PUBLISH), Reply.PING, publication(publication("1", 1)));
        assertEquals(
                "{\"id\":3,\"publish\":{}}\n{}\n{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":1,\"offset\":1}}}",
                StandardCharsets.UTF_8.decode(Encoding.JSON.encode(replies)).toString());
    }
}
