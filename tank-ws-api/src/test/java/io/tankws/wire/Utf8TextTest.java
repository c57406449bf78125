package io.tankws.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8TextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "\0",
                "\u007F",
                "\u0080",
                "\u07FF",
                "\u0800",
                "\uD7FF",
                "\uE000",
                "\uFFFF",
                "\ud83d\ude00",
                "a\ud83d\ude00\u00e4\u20ac"
            })
    void measuresAndEncodesText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(utf8.length, Utf8Text.length(text));
        assertArrayEquals(utf8, Utf8Text.encode("a text", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "a\ud83d", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83da"})
    void rejectsALoneSurrogate(String text) {
        assertEquals(Utf8Text.NOT_ENCODABLE, Utf8Text.length(text));
        assertEquals(
                "a text must not have a lone surrogate",
                assertThrows(IllegalArgumentException.class, () -> Utf8Text.encode("a text", text))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Utf8Text.requireLength("a text", text, 100));
    }

    @Test
    void boundsTheLengthInBytes() {
        assertEquals("\u00e4", Utf8Text.requireLength("a text", "\u00e4", 2));
        for (String wrong : new String[] {"", "\u00e4a"}) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> Utf8Text.requireLength("a text", wrong, 2))
                    .getMessage();
            assertEquals("a text must have 1 to 2 bytes in UTF-8, but had " + (wrong.isEmpty() ? 0 : 3), message);
        }
    }

    @Test
    void checksBytesFromThePositionToTheLimit() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {-1, (byte) 0xC3, (byte) 0xA4, -1});
        assertFalse(Utf8Validator.isValid(bytes));
        assertTrue(Utf8Validator.isValid(bytes.position(1).limit(3)));
        assertEquals(1, bytes.position());
        assertFalse(Utf8Validator.isValid(bytes.limit(2)));
    }
}
