package io.tankws.protocol.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublisherInfo;
import io.tankws.StreamPosition;
import io.tankws.protocol.centrifuge.frame.Encoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Publications as clients receive them. */
class PublicationEncodingTest {
    private final PublicationEncoding json = new PublicationEncoding(Encoding.JSON);
    private final PublicationEncoding protobuf = new PublicationEncoding(Encoding.PROTOBUF);

    private String text(Publication publication) {
        return ((Message.Text) json.encode(publication).orElseThrow()).text();
    }

    private static Publication publication(Payload payload) {
        return Publication.builder("news", payload).build();
    }

    @Test
    void jsonStaysAsItIsAndTextBecomesAString() {
        assertEquals(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{ \"b\":9007199254740993}}}}",
                text(publication(Payload.json("{ \"b\":9007199254740993}"))));
        assertEquals(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{  \"a\":1}}}}",
                text(publication(Payload.json("{\n  \"a\":1\r\n}"))));
        assertEquals(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":\"a\\n\\\"b\\\"\"}}}",
                text(publication(Payload.text("a\n\"b\""))));
    }

    @Test
    void bytesReachOnlyProtobufClients() {
        Publication publication = publication(Payload.binary(new byte[] {0, -1}));
        assertEquals(Optional.empty(), json.encode(publication));
        byte[] frame = bytes(protobuf.encode(publication).orElseThrow());
        assertEquals(0, frame[frame.length - 2]);
        assertEquals(-1, frame[frame.length - 1]);
    }

    @Test
    void bothEncodingsCarryTheSameValue() {
        for (Payload payload : new Payload[] {Payload.json("[1, 2]"), Payload.text("a\"")}) {
            ByteBuffer value = json.data(payload);
            assertEquals(value, protobuf.data(payload));
            Message message = protobuf.encode(publication(payload)).orElseThrow();
            assertTrue(message instanceof Message.Binary);
            byte[] frame = bytes(message);
            int length = value.remaining();
            assertEquals(value, ByteBuffer.wrap(frame, frame.length - length, length));
        }
    }

    @Test
    void positionPublisherAndTagsAreStated() {
        Publication publication = Publication.builder("news", Payload.json("1"))
                .tags(Map.of("k", "v"))
                .publisher(PublisherInfo.of("c7", "ann").withInfo(Payload.text("Ann")))
                .build();
        String info = "\"info\":{\"user\":\"ann\",\"client\":\"c7\",\"conn_info\":\"Ann\"},";
        assertEquals(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":1," + info
                        + "\"offset\":1,\"tags\":{\"k\":\"v\"},\"epoch\":\"e\"}}}",
                text(publication.at(new StreamPosition("e", 1))));
        assertEquals(
                "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":1," + info
                        + "\"offset\":9007199254740991,\"tags\":{\"k\":\"v\"}}}}",
                text(publication.at(new StreamPosition("e", StreamPosition.MAX_OFFSET))));
    }

    @Test
    void messagesOfTheApplicationArePushes() {
        assertEquals(
                "{\"push\":{\"message\":{\"data\":\"{}\"}}}",
                ((Message.Text) json.encode(Message.text("{}")).orElseThrow()).text());
        assertEquals(Optional.empty(), json.encode(Message.binary(new byte[1])));
        assertTrue(protobuf.encode(Message.binary(new byte[1])).isPresent());
    }

    @Test
    void payloadsOfProtobufClientsAreJsonIfTheyCanBe() {
        assertEquals(Payload.json("{\"a\":1}"), protobuf.payload(utf8("{\"a\":1}")));
        assertEquals(Payload.binary(new byte[] {'{'}), protobuf.payload(utf8("{")));
        assertEquals(Payload.json("1"), json.payload(utf8("1")));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(Message message) {
        byte[] bytes = new byte[message.size()];
        message.payload().get(bytes);
        return bytes;
    }
}
