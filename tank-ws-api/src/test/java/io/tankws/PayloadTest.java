package io.tankws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    private static byte[] bytes(Payload payload) {
        byte[] bytes = new byte[payload.size()];
        payload.bytes().get(bytes);
        return bytes;
    }

    @Test
    void textIsUtf8() {
        Payload text = Payload.text("\u00e4\ud83d\ude00");
        assertEquals(Payload.Kind.TEXT, text.kind());
        assertEquals(6, text.size());
        assertArrayEquals("\u00e4\ud83d\ude00".getBytes(StandardCharsets.UTF_8), bytes(text));
        assertEquals("\u00e4\ud83d\ude00", text.asText());
        assertEquals(0, Payload.text("").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ude00\ud83d"})
    void loneSurrogatesAreRejected(String text) {
        assertEquals(
                "a text payload must not have a lone surrogate",
                assertThrows(IllegalArgumentException.class, () -> Payload.text(text))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Payload.json("\"" + text + "\""));
    }

    @Test
    void aTextMayComeFromUtf8() {
        ByteBuffer buffer = ByteBuffer.wrap("x\u00e4x".getBytes(StandardCharsets.UTF_8), 1, 2);
        assertEquals(Payload.text("\u00e4"), Payload.text(buffer));
        assertEquals(1, buffer.position());
        assertEquals(
                "a text payload must be UTF-8",
                assertThrows(IllegalArgumentException.class, () -> Payload.text(buffer.limit(2)))
                        .getMessage());
    }

    @Test
    void jsonIsKeptAsItIs() {
        String json = " {\n\"a\" : [1.50, \"\u00e4\\u00e4\"]} ";
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        for (Payload payload : new Payload[] {
            Payload.json(json), Payload.json(utf8), Payload.json(ByteBuffer.wrap(utf8)),
        }) {
            assertEquals(Payload.Kind.JSON, payload.kind());
            assertEquals(json, payload.asText());
            assertArrayEquals(utf8, bytes(payload));
        }
    }

    @Test
    void onlyTheBytesWithinABufferBelongToThePayload() {
        ByteBuffer buffer = ByteBuffer.wrap("x[1]x".getBytes(StandardCharsets.UTF_8))
                .position(1)
                .limit(4);
        assertEquals("[1]", Payload.json(buffer).asText());
        assertArrayEquals(new byte[] {'[', '1', ']'}, bytes(Payload.binary(buffer)));
        assertEquals("[1]", Payload.json(buffer.asReadOnlyBuffer()).asText());
        assertEquals(1, buffer.position());
        assertEquals(4, buffer.limit());
    }

    @Test
    void wrongJsonIsRejectedAtItsFirstWrongByte() {
        assertEquals(
                "a JSON payload must be one complete JSON value, but was wrong at byte 3 of 4",
                assertThrows(IllegalArgumentException.class, () -> Payload.json("[1,]"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Payload.json(""));
        assertThrows(IllegalArgumentException.class, () -> Payload.json(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> Payload.json("{} {}"));
    }

    @Test
    void jsonMustBeUtf8() {
        byte[][] wrong = {
            {'"', (byte) 0xFF, '"'},
            {'"', (byte) 0xC0, (byte) 0x80, '"'},
            {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
            {'"', (byte) 0xC3, '"'},
        };
        for (byte[] json : wrong) {
            assertEquals(
                    "a JSON payload must be UTF-8",
                    assertThrows(IllegalArgumentException.class, () -> Payload.json(json))
                            .getMessage());
        }
    }

    @Test
    void binaryHasNoText() {
        Payload binary = Payload.binary(new byte[] {1, 0, -1});
        assertEquals(Payload.Kind.BINARY, binary.kind());
        assertArrayEquals(new byte[] {1, 0, -1}, bytes(binary));
        assertThrows(IllegalStateException.class, binary::asText);
    }

    @Test
    void nothingChangesAPayload() {
        byte[] original = {'1', '2'};
        Payload binary = Payload.binary(original);
        Payload json = Payload.json(original);
        original[0] = 'x';
        assertArrayEquals(new byte[] {'1', '2'}, bytes(binary));
        assertArrayEquals(new byte[] {'1', '2'}, bytes(json));
        assertTrue(binary.bytes().isReadOnly());
        assertThrows(ReadOnlyBufferException.class, () -> binary.bytes().put((byte) 0));
        binary.bytes().get();
        assertEquals(0, binary.bytes().position());
    }

    @Test
    void copiesToABufferWithRoom() {
        ByteBuffer target = ByteBuffer.allocate(3);
        Payload.text("ab").copyTo(target);
        assertEquals(2, target.position());
        assertThrows(BufferOverflowException.class, () -> Payload.text("ab").copyTo(target));
    }

    @Test
    void equalPayloadsHaveKindAndBytesInCommon() {
        assertEquals(Payload.text("1"), Payload.text("1"));
        assertEquals(
                Payload.json("1").hashCode(), Payload.json(new byte[] {'1'}).hashCode());
        assertNotEquals(Payload.text("1"), Payload.json("1"));
        assertNotEquals(Payload.json("1"), Payload.json("1 "));
        assertNotEquals(Payload.text("1"), Payload.text("2"));
        assertNotEquals(Payload.text("1"), null);
    }

    @Test
    void theTextOfAPayloadHasNoContent() {
        assertEquals("TEXT[6 bytes]", Payload.text("secret").toString());
        assertFalse(Payload.json("\"secret\"").toString().contains("secret"));
    }
}
