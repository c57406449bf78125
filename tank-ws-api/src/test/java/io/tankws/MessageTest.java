package io.tankws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTest {
    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({
        "0,2,8200",
        "125,2,827d",
        "126,4,827e007e",
        "65535,4,827effff",
        "65536,10,827f0000000000010000",
        "70000,10,827f0000000000011170"
    })
    void writesTheShortestHeader(int length, int header, String start) {
        Frame frame = Message.binary(new byte[length]).frame();
        ByteBuffer wire = frame.bytes();
        assertEquals(header + length, wire.remaining());
        assertEquals(header + length, frame.length());
        byte[] head = new byte[header];
        wire.get(head);
        assertEquals(start, java.util.HexFormat.of().formatHex(head));
        assertEquals(length, frame.payloadLength());
    }

    @Test
    void keepsTextAndItsBytes() {
        Message.Text message = Message.text("Grüße 🐢");
        assertEquals("Grüße 🐢", message.text());
        assertArrayEquals("Grüße 🐢".getBytes(StandardCharsets.UTF_8), bytes(message.payload()));
        assertSame(message.frame(), message.frame());
        assertEquals(Optional.empty(), message.topic());
    }

    @Test
    void decodesTextThatCameAsBytes() {
        ByteBuffer utf8 =
                ByteBuffer.wrap("xGrüße".getBytes(StandardCharsets.UTF_8)).position(1);
        Message.Text message = Message.text(utf8);
        assertEquals("Grüße", message.text());
        assertEquals(1, utf8.position());
        assertEquals(Optional.of("t"), Message.text("t", utf8).topic());
    }

    @Test
    void doesNotChangeWithTheBufferItCameFrom() {
        byte[] source = {1, 2, 3};
        Message message = Message.binary(source);
        source[0] = 9;
        assertArrayEquals(new byte[] {1, 2, 3}, bytes(message.payload()));
        assertTrue(message.payload().isReadOnly());
        assertTrue(message.frame().bytes().isReadOnly());
    }

    @Test
    void refusesTextThatUtf8CannotEncode() {
        assertThrows(IllegalArgumentException.class, () -> Message.text("\uD83D alone"));
        assertThrows(IllegalArgumentException.class, () -> Message.text(ByteBuffer.wrap(new byte[] {(byte) 0xFF})));
        assertThrows(IllegalArgumentException.class, () -> Message.text(ByteBuffer.wrap(new byte[] {(byte) 0xC3})));
    }

    @Test
    void namesItselfWithoutItsContent() {
        assertFalse(Message.text("secret").toString().contains("secret"));
    }

    @Test
    void controlFramesAreSmall() {
        assertEquals(125, Frame.of(Frame.Opcode.PING, ByteBuffer.allocate(125)).payloadLength());
        assertThrows(IllegalArgumentException.class, () -> Frame.of(Frame.Opcode.PONG, ByteBuffer.allocate(126)));
    }

    @Test
    void copiesItsWireBytes() {
        ByteBuffer target = ByteBuffer.allocate(7);
        Message.text("hello").frame().copyTo(target);
        assertArrayEquals(new byte[] {(byte) 0x81, 5, 'h', 'e', 'l', 'l', 'o'}, target.array());
    }
}
